using System.Text.RegularExpressions;
using Gateway.Policy.Checks;

namespace Gateway.Policy.Tests;

public sealed partial class CheckTableTests
{
    [Fact]
    public void The_name_of_a_check_is_the_name_of_its_class()
    {
        Assert.All(CheckTable.All, check => Assert.Equal(Dashed(check.GetType().Name), check.Name));
    }

    [Fact]
    public void Every_check_of_the_assembly_is_in_the_table()
    {
        var classes = typeof(IPolicyCheck).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IPolicyCheck)));

        Assert.Equal(classes.Select(type => type.Name).Order(), CheckTable.All.Select(check => check.GetType().Name).Order());
    }

    [Fact]
    public void Reason_ids_mean_one_thing_each()
    {
        foreach (var same in CheckTable.All.SelectMany(check => check.Refusals).Distinct().GroupBy(refusal => refusal.ReasonId))
            Assert.Single(same);
    }

    [Fact]
    public void A_default_reply_names_the_reason_and_the_session_and_fits_a_line()
    {
        Assert.All(CheckTable.All.SelectMany(check => check.Refusals), refusal =>
        {
            var line = Assert.Single(refusal.Text);
            Assert.Contains("{reason}", line.Source, StringComparison.Ordinal);
            Assert.Contains("{session}", line.Source, StringComparison.Ordinal);
            Assert.InRange(line.FixedLength, 1, 200);
            Assert.Equal(refusal.Code / 100, refusal.Status.Class);
        });
    }

    private static string Dashed(string name) => Words().Replace(name, "-$0").TrimStart('-').ToLowerInvariant();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Words();
}
