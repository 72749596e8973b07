using System.Net;
using Gateway.Dns;
using Gateway.Policy.Advising;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

/// <summary>What is advised in each situation: a table of zone, sender and advice.</summary>
public sealed class RemedyTests
{
    private const string Good = "209.54.61.76 PTR mail.source.com;mail.source.com A 209.54.61.76;source.com MX 10 mail.source.com";
    private const string User = "user@source.com";

    private static readonly string[] Enforced = ["require-ptr", "require-valid-ptr", "require-fcrdns", "require-helo-fqdn", "require-sender-domain"];

    public static TheoryData<string, string, string?, string?, string, string> Records => new()
    {
        // reason, address, HELO, sender, zone, the records in order
        { "no PTR; MX leads to the address: KB300171 before the cure", "209.54.61.76", null, User,
            "mail.source.com A 209.54.61.76;source.com MX 10 mail.source.com",
            "76.61.54.209.in-addr.arpa. PTR mail.source.com." },
        { "no PTR; HELO leads to the address", "209.54.61.76", "mail.source.com", null,
            "mail.source.com A 209.54.61.76",
            "76.61.54.209.in-addr.arpa. PTR mail.source.com." },
        { "no PTR; HELO names a host without address", "209.54.61.76", "mail.source.com", null, "",
            "76.61.54.209.in-addr.arpa. PTR mail.source.com.|mail.source.com. A 209.54.61.76" },
        { "no PTR, nothing else known: an example", "209.54.61.76", null, null, "",
            "76.61.54.209.in-addr.arpa. PTR mail.example.com.|mail.example.com. A 209.54.61.76" },
        { "no PTR, and the MX host is another address: it gets no second one", "4.3.2.1", null, User,
            "mail.source.com A 209.54.61.76;source.com MX 10 mail.source.com",
            "1.2.3.4.in-addr.arpa. PTR out.source.com.|out.source.com. A 4.3.2.1" },
        { "no PTR, and HELO says the name of that MX host", "4.3.2.1", "mail.source.com", User,
            "mail.source.com A 209.54.61.76;source.com MX 10 mail.source.com",
            "1.2.3.4.in-addr.arpa. PTR out.source.com.|out.source.com. A 4.3.2.1" },
        { "mismatch in the own domain: the name gets the address", "209.54.61.78", null, User,
            "209.54.61.78 PTR relay.source.com;relay.source.com A 209.54.61.99;source.com MX 10 mail.source.com;mail.source.com A 209.54.61.76",
            "relay.source.com. A 209.54.61.78" },
        { "mismatch, nothing else known: the name gets the address", "209.54.61.78", null, null,
            "209.54.61.78 PTR relay.source.com;relay.source.com A 209.54.61.99",
            "relay.source.com. A 209.54.61.78" },
        { "forward missing", "209.54.61.76", null, User,
            "209.54.61.76 PTR mail.source.com;source.com A 192.0.2.1",
            "mail.source.com. A 209.54.61.76" },
        { "mismatch with a name of the provider: a name of the own domain", "4.3.2.1", null, User,
            "4.3.2.1 PTR customer.isp.example;source.com MX 10 mail.source.com;mail.source.com A 209.54.61.76",
            "1.2.3.4.in-addr.arpa. PTR out.source.com.|out.source.com. A 4.3.2.1" },
        { "mismatch, and another host has the address: its name is the right one", "209.54.61.76", "mail.source.com", User,
            "209.54.61.76 PTR old.source.com;mail.source.com A 209.54.61.76;source.com MX 10 mail.source.com",
            "76.61.54.209.in-addr.arpa. PTR mail.source.com." },
        { "no host name: the reverse name itself", "209.54.61.76", null, User,
            "209.54.61.76 PTR 76.61.54.209.in-addr.arpa;mail.source.com A 209.54.61.76;source.com MX 10 mail.source.com",
            "76.61.54.209.in-addr.arpa. PTR mail.source.com." },
        { "no host name: a single label, and the sender has no MX", "209.54.61.76", null, User,
            "209.54.61.76 PTR mailserver;source.com A 192.0.2.1",
            "76.61.54.209.in-addr.arpa. PTR mail.source.com.|mail.source.com. A 209.54.61.76" },
        { "the sender's domain does not exist", "209.54.61.76", null, "user@gone.example",
            "209.54.61.76 PTR mail.source.com;mail.source.com A 209.54.61.76",
            "gone.example. MX 10 mail.gone.example.|mail.gone.example. A 209.54.61.76" },
        { "the sender's domain does not exist, but the client has a name in it", "209.54.61.76", null, User,
            "209.54.61.76 PTR mail.source.com;mail.source.com A 209.54.61.76",
            "source.com. MX 10 mail.source.com." },
        { "neither PTR nor sender domain", "209.54.61.76", null, User, "",
            "76.61.54.209.in-addr.arpa. PTR mail.source.com.|mail.source.com. A 209.54.61.76|source.com. MX 10 mail.source.com." },
        { "a null MX", "209.54.61.76", null, User,
            "209.54.61.76 PTR mail.source.com;mail.source.com A 209.54.61.76;source.com MX 0 .",
            "source.com. MX 10 mail.source.com." },
        { "MX names a host without address", "209.54.61.76", null, User,
            "209.54.61.76 PTR mail.source.com;mail.source.com A 209.54.61.76;source.com MX 10 mx.source.com",
            "mx.source.com. A 209.54.61.76" },
        { "IPv6 without PTR", "2001:db8::25", null, User,
            "mail.source.com A 209.54.61.76;source.com MX 10 mail.source.com",
            "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR out.source.com.|out.source.com. AAAA 2001:db8::25" },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public async Task The_records_are_those_that_cure(string reason, string address, string? helo, string? sender, string zone, string expected)
    {
        var remedy = await RemedyAsync(address, helo, sender, zone);

        var records = remedy.Advice.Where(advice => advice.Record is not null).Select(advice => advice.Record);
        Assert.True(expected == string.Join('|', records), $"{reason}: {string.Join('|', records)}");
        Assert.All(remedy.Advice, advice => Assert.True(advice is { Publisher.Length: > 0, Reason.Length: > 0 }));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public async Task Whoever_publishes_what_is_advised_needs_no_more_advice(
        string reason, string address, string? helo, string? sender, string zone, string expected)
    {
        var published = (await RemedyAsync(address, helo, sender, zone)).Advice.Select(advice => advice.Record).OfType<string>()
            .Select(text => RecordText.TryParse(text, out var record, out _) ? record : throw new FormatException(text)).ToList();
        Assert.Equal(expected.Count('|') + 1, published.Count);

        var cured = await RemedyAsync(address, helo, sender, zone, [.. published]);

        Assert.True(cured.Advice.Count == 0, $"{reason}: {string.Join('|', cured.Advice)}");
    }

    [Theory]
    [InlineData("the reverse DNS does not answer", "209.54.61.76", null, "209.54.61.76 PTR !ServerFailure", "nobody", "nothing to publish now, because the DNS did not answer")]
    [InlineData("the names' addresses cannot be had", "209.54.61.76", null, "209.54.61.76 PTR mail.source.com;mail.source.com A !TimedOut", "nobody",
        "tell the owner of the domain source.com")]
    [InlineData("the sender's domain does not answer", "209.54.61.76", User, "209.54.61.76 PTR mail.source.com;mail.source.com A 209.54.61.76;source.com MX !ServerFailure",
        "nobody", "nothing to publish now: could not look up the MX records of source.com")]
    [InlineData("an inside address: KB300171's firewall", "10.10.10.1", null, "", "nobody", "Receivers see the public address of your firewall or provider")]
    [InlineData("a link-local address", "fe80::1", null, "", "nobody", "Receivers see the public address of your firewall or provider")]
    [InlineData("a sender that is no domain name", "209.54.61.76", "ann@-..example", Good, "the administrator of the mail server", "whose domain exists")]
    public async Task Where_no_record_helps_none_is_advised(string reason, string address, string? sender, string zone, string publisher, string expected)
    {
        var remedy = await RemedyAsync(address, helo: null, sender, zone);

        var advice = Assert.Single(remedy.Advice);
        Assert.Null(advice.Record);
        Assert.Equal(publisher, advice.Publisher);
        Assert.True(advice.Reason.Contains(expected, StringComparison.Ordinal), $"{reason}: {advice.Reason}");
    }

    [Fact]
    public async Task IPv6_without_reverse_DNS_may_also_be_left_alone()
    {
        var remedy = await RemedyAsync("2001:db8::25", "mail.source.com", null, "mail.source.com AAAA 2001:db8::25");

        Assert.Equal("5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR mail.source.com.", remedy.Advice[0].Record);
        Assert.StartsWith("or send over IPv4", remedy.Advice[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_right_needs_to_do_nothing_and_is_told_row_by_row_why()
    {
        var remedy = await RemedyAsync("209.54.61.76", "mail.source.com", User, Good);

        Assert.Empty(remedy.Advice);
        Assert.Equal(
            ["source.com. MX 10 mail.source.com.", "mail.source.com. A 209.54.61.76", "76.61.54.209.in-addr.arpa. PTR mail.source.com."],
            remedy.Standing.Select(row => row.Record));
        Assert.Contains("a host in source.com", remedy.Standing[2].Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_place_of_MX_is_confirmed_too()
    {
        var remedy = await RemedyAsync("209.54.61.76", null, "ann@good.example", "good.example A 192.0.2.1;209.54.61.76 PTR a.example;a.example A 209.54.61.76");

        Assert.Empty(remedy.Advice);
        Assert.Equal(["good.example. A 192.0.2.1", "76.61.54.209.in-addr.arpa. PTR a.example.", "a.example. A 209.54.61.76"], remedy.Standing.Select(row => row.Record));
    }

    [Theory]
    [InlineData("require-helo-fqdn", Decision.Reject, "the administrator of the mail server", null, "such as mail.source.com")]
    [InlineData("require-helo-matches-ptr", Decision.Reject, "the administrator of the mail server", null, "configure the server to say mail.source.com in EHLO")]
    [InlineData("require-helo-resolves", Decision.Reject, "the owner of the domain source.com", "helo.source.com. A 209.54.61.76", "the sentence")]
    [InlineData("require-helo-resolves", Decision.Defer, "nobody", null, "nothing to publish now: the sentence. Check again later")]
    [InlineData("refuse-listed", Decision.Reject, "the operator of the list", null, "ask each list separately")]
    [InlineData("refuse-listed", Decision.Defer, "nobody", null, "nothing to publish")]
    [InlineData("refuse-denied", Decision.Reject, "the receiver", null, "only the receiver")]
    [InlineData("some-new-check", Decision.Reject, "the administrator of the mail server", null, "the sentence")]
    public async Task Each_finding_that_counts_has_its_advice(string check, Decision decision, string publisher, string? record, string expected)
    {
        var remedy = await RemedyAsync("209.54.61.76", "helo.source.com", User, Good, against: Against(check, decision));

        var advice = Assert.Single(remedy.Advice);
        Assert.Equal((publisher, record), (advice.Publisher, advice.Record));
        Assert.Contains(expected, advice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_names_are_denied_a_client_without_a_name_is_told_to_publish_one_and_not_to_ask_the_receiver()
    {
        var unknown = new Finding("refuse-denied", CheckMode.Enforce, Outcome.Reject("denied-unknown", "there is no PTR record"));

        var remedy = await RemedyAsync("209.54.61.77", null, null, "", against: unknown);

        Assert.Equal("77.61.54.209.in-addr.arpa. PTR mail.example.com.", remedy.Advice[0].Record);
        Assert.DoesNotContain(remedy.Advice, static advice => advice.Reason.Contains("only the receiver", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("generic, and the MX host is another address", "209-54-61-9.dyn.isp.example", "refuse-generic-ptr",
        "9.61.54.209.in-addr.arpa. PTR out.source.com.|out.source.com. A 209.54.61.9|")]
    [InlineData("a name outside of the sender's domain: the PTR record changes, not the MX (KB300171)", "customer.isp.example", "require-sender-matches-client",
        "9.61.54.209.in-addr.arpa. PTR out.source.com.|out.source.com. A 209.54.61.9")]
    public async Task A_name_that_leads_back_but_is_not_liked_is_replaced(string reason, string name, string check, string expected)
    {
        var zone = $"209.54.61.9 PTR {name};{name} A 209.54.61.9;source.com MX 10 mail.source.com;mail.source.com A 209.54.61.76";

        var remedy = await RemedyAsync("209.54.61.9", null, User, zone, against: Against(check, Decision.Reject));

        Assert.True(expected == string.Join('|', remedy.Advice.Select(advice => advice.Record)), $"{reason}: {string.Join('|', remedy.Advice)}");
        Assert.All(remedy.Advice.Skip(2), advice => Assert.Contains("smart host", advice.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_private_address_behind_an_MX_record_is_a_mistake_and_not_right()
    {
        var remedy = await RemedyAsync("209.54.61.76", "out.source.com", User,
            "209.54.61.76 PTR out.source.com;out.source.com A 209.54.61.76;source.com MX 10 mail.source.com;mail.source.com A 10.10.10.1");

        var advice = Assert.Single(remedy.Advice);
        Assert.StartsWith("the MX record of source.com names mail.source.com, and 10.10.10.1 is private (10.0.0.0/8), so no other server can deliver mail there: the owner of the domain source.com must publish", advice.Reason, StringComparison.Ordinal);
        Assert.Equal("the owner of the domain source.com", advice.Publisher);
        Assert.DoesNotContain(remedy.Standing, row => row.Record.Contains("10.10.10.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_domain_without_MX_is_told_the_articles_rule_beside_the_RFCs()
    {
        var remedy = await RemedyAsync("209.54.61.76", null, "ann@good.example", "good.example A 192.0.2.1;209.54.61.76 PTR a.example;a.example A 209.54.61.76");

        Assert.Contains("(RFC 5321 5.1). KB300171 recommends an MX record", remedy.Standing[0].Meaning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("61.54.209.in-addr.arpa NS ns1.source.com", "Its zone 61.54.209.in-addr.arpa is served by ns1.source.com")]
    [InlineData("54.209.in-addr.arpa NS ns.isp.example", "Its zone 54.209.in-addr.arpa is served by ns.isp.example")]
    [InlineData("source.com NS ns.isp.example", "usually your provider, or your company if the reverse zone is delegated to its DNS servers")]
    public async Task Whoever_serves_the_reverse_zone_is_named_as_the_one_who_can_publish_the_PTR_record(string zone, string expected)
    {
        var remedy = await RemedyAsync("209.54.61.76", null, User, zone + ";mail.source.com A 209.54.61.76;source.com MX 10 mail.source.com");

        Assert.EndsWith(expected, remedy.Advice[0].Publisher, StringComparison.Ordinal);
    }

    private static Finding Against(string check, Decision decision) => new(check, CheckMode.Enforce, new(decision, "reason", "the sentence"));

    private static Task<Remedy> RemedyAsync(string address, string? helo, string? sender, string zone, params ResourceRecord[] assumed) =>
        RemedyAsync(address, helo, sender, zone, against: null, assumed);

    private static async Task<Remedy> RemedyAsync(
        string address, string? helo, string? sender, string zone, Finding? against, params ResourceRecord[] assumed)
    {
        var resolver = new OverlayResolver(new FakeResolver(zone.Split(';', StringSplitOptions.RemoveEmptyEntries)), assumed);
        var (options, time, none) = (new ReverseDnsOptions(), new ManualTime(), CancellationToken.None);
        var facts = PolicyFacts.Start(IPAddress.Parse(address), new(resolver, options, time), none)
            .Said(helo ?? "client.example", sender ?? "<>");
        var findings = await Scene.Engine(Scene.Profile($$"""
            { "summary": "all", "checks": { {{string.Join(", ", Enforced.Select(check => $"\"{check}\": \"Monitor\""))}} } }
            """), Stage.Data).JudgeAsync(Stage.Data, facts);
        var published = await new PublishedLookup(resolver, options, time)
            .LookupAsync(await facts.Client, sender is null ? null : await facts.SenderDomainAsync(), helo, none);
        return Remedy.Of(published, against is null ? [.. findings.Findings.Where(finding => finding.WouldHaveRefused)] : [against]);
    }
}
