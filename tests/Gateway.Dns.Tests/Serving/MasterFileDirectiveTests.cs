using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Dns.Tests.Serving;

public class MasterFileDirectiveTests
{
    private const string Head = "$ORIGIN example.test.\n$TTL 1h\n@ SOA ns hostmaster 1 1h 15m 1w 5m\n";

    [Fact]
    public void An_included_file_has_its_own_origin_and_changes_neither_origin_nor_owner_of_the_other()
    {
        var file = MasterFile.Read(
            Head + "host A 192.0.2.1\n$INCLUDE inner sub\n  A 192.0.2.2\nlast A 192.0.2.3",
            include: name => name == "inner" ? "a TXT x\n$ORIGIN deeper\nb TXT y\n" : null);

        Assert.Empty(file.Errors);
        Assert.Equal(
            ["host", "a.sub", "b.deeper.sub", "host", "last"],
            file.Zone!.Records.Skip(1).Select(record => record.Owner.ToString().Replace(".example.test", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Mistakes_of_an_included_file_bear_its_name_and_a_circle_ends()
    {
        var bad = Assert.Single(MasterFile.Read(Head + "$INCLUDE inner", include: _ => "\na A x").Errors);
        Assert.Equal(("inner", 2), (bad.File, bad.Line));

        var circle = Assert.Single(MasterFile.Read(Head + "$INCLUDE inner", include: _ => "$INCLUDE inner").Errors);
        Assert.Contains("does a file include itself", circle.Reason, StringComparison.Ordinal);

        var missing = Assert.Single(MasterFile.Read(Head + "$INCLUDE inner", include: _ => null).Errors);
        Assert.Contains("the file \"inner\" does not exist", missing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_stand_in_comments_and_follow_the_origin()
    {
        var file = MasterFile.Read(Head + """
            host A 192.0.2.1 ;@fault host servfail
            ;@fault @ MX drop
            $ORIGIN sub.example.test.
            ;@fault * A delay 500ms refuse
            ;@fault late TRUNCATE delay 2s
            ;@ NS commented.out.
            ; @fault is no pragma with a space before it
            """);

        Assert.Empty(file.Errors);
        Assert.Equal(
            [
                "host.example.test * servfail", "example.test Mx drop", "*.sub.example.test A delay 500ms refuse",
                "late.sub.example.test * delay 2s truncate",
            ],
            file.Faults.Select(rule => $"{rule.Name} {rule.Type?.ToString() ?? "*"} {rule.Fault}"));
    }

    [Fact]
    public void Line_ends_of_any_system_and_a_missing_last_one_are_read()
    {
        Assert.Empty(MasterFile.Read((Head + "host A 192.0.2.1").Replace("\n", "\r\n", StringComparison.Ordinal)).Errors);
    }

    [Fact]
    public void No_text_throws()
    {
        const string letters = "\\\"();@$ \n\tA1.*-#ä\0:IN";
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), picks =>
        {
            var text = string.Concat(picks.Select(pick => letters[(int)((uint)pick % letters.Length)]));
            return MasterFile.Read(Head + text).Errors is not null;
        }).QuickCheckThrowOnFailure();
    }
}
