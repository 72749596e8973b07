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
    [InlineData("127.0.0.10 drop", "10.0.0.127.in-addr.arpa")]
    [InlineData("::1 drop", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa")]
    public void An_address_stands_for_its_reverse_name(string text, string name)
    {
        Assert.True(FaultChange.TryParse(text, out var change));
        Assert.Equal(DomainName.Parse(name), change.Name);
    }

    [Theory]
    [InlineData("", "the name is missing: use one such as ", "nothing")]
    [InlineData("mail.source.com", "the fault is missing after \"mail.source.com\": use a type of record, servfail, ", "nothing happens")]
    [InlineData("servfail", "the fault is missing after \"servfail\": use ", "to nobody")]
    [InlineData("mail.source.com A", "the fault is missing after \"A\": use servfail, ", "a type alone")]
    [InlineData("mail.source.com nonsense", "\"nonsense\" is not a fault: use a type of record, servfail, refuse, ", "no fault")]
    [InlineData("mail.source.com MX nonsense", "\"nonsense\" is not a fault: use servfail, refuse, ", "no fault, behind a type")]
    [InlineData("mail.source.com MX5 drop", "\"MX5\" is not a fault: use a type of record, ", "no type")]
    [InlineData("mail..source.com drop", "\"mail..source.com\" is not a name: use one", "no name")]
    [InlineData("127.0.0.300 drop", "\"127.0.0.300\" is not a name: use one such as mail.source.com or *.source.com, or an address", "no address")]
    [InlineData("mail.source.com none drop", "\"drop\": nothing may follow none", "both")]
    [InlineData("mail.source.com drop none", "\"none\": drop is given already", "both, the other way round")]
    [InlineData("mail.source.com drop refuse", "\"refuse\": drop is given already", "two")]
    [InlineData("mail.source.com delay", "the time of the delay is missing: use one such as 500ms", "how late")]
    [InlineData("mail.source.com delay soon", "\"soon\" is not a time: use one such as 500ms", "no time")]
    [InlineData("mail.source.com delay 1s delay 2s", "\"delay\": a delay is given already", "late twice")]
    public void What_is_no_change_is_told_with_the_wrong_word_and_what_may_stand_there(string text, string expected, string why)
    {
        Assert.False(FaultChange.TryParse(text, out _, out var problem), why);
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }

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
