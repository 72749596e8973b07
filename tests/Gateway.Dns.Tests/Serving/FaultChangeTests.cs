namespace Gateway.Dns.Tests.Serving;

public sealed class FaultChangeTests
{
    [Theory]
    [InlineData("mail.source.com servfail", "mail.source.com", null, "servfail", "a name")]
    [InlineData("mail.source.com. MX drop", "mail.source.com", RecordType.Mx, "drop", "a type")]
    [InlineData("*.source.com ANY delay 2s nxdomain", "*.source.com", null, "delay 2s nxdomain", "any type is no type")]
    [InlineData("mail.source.com a NONE", "mail.source.com", RecordType.A, null, "the end of it")]
    public void A_change_names_whom_what_and_when(string text, string name, RecordType? type, string? fault, string why)
    {
        Assert.True(FaultChange.TryParse(text, out var change), why);
        Assert.Equal((DomainName.Parse(name), type, fault), (change.Name, change.Type, change.Fault?.ToString()));
        Assert.True(FaultChange.TryParse(change.ToString(), out var again) && again == change, why);
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("mail.source.com", "nothing happens")]
    [InlineData("servfail", "to nobody")]
    [InlineData("mail.source.com A", "a type alone")]
    [InlineData("mail.source.com nonsense", "no fault")]
    [InlineData("mail..source.com drop", "no name")]
    [InlineData("mail.source.com none drop", "both")]
    public void What_is_no_change_is_not_read(string text, string why) => Assert.False(FaultChange.TryParse(text, out _), why);

    [Fact]
    public void Whatever_is_read_nothing_is_thrown_and_what_was_read_is_written_alike()
    {
        string[] seeds =
        [
            "mail.source.com servfail", "*.source.com MX delay 2s nxdomain", "76.61.54.209.in-addr.arpa TYPE257 none", "a\\.b.test ANY wrong-id delay 1500ms",
            ". lame", "x.test TYPE0 delay 1w2d3h4m5s",
        ];
        var chance = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var text = Mutation.Of(seeds[round % seeds.Length], chance);
            if (!FaultChange.TryParse(text, out var change))
                continue;
            Assert.True(FaultChange.TryParse(change.ToString(), out var again) && again == change, $"{text} -> {change}");
        }
    }

    [Fact]
    public void A_change_and_its_end_leave_nothing_behind()
    {
        var faults = new FaultTable();
        var name = DomainName.Parse("mail.source.com");

        new FaultChange(name, RecordType.A, new Fault.Drop()).ApplyTo(faults);
        Assert.IsType<Fault.Drop>(faults.Find(name, RecordType.A));

        new FaultChange(name, RecordType.A, null).ApplyTo(faults);
        Assert.Empty(faults.Rules);
    }
}
