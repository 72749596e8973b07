using System.Net;
using Gateway.Dns;
using Gateway.Policy.Checks;
using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

public sealed class ExemptionsTests
{
    [Theory]
    [InlineData("require-helo-fqdn")]
    [InlineData("require-sender-domain")]
    public async Task A_confirmed_name_exempts_from_the_checks_that_it_does_not_satisfy(string check)
    {
        var facts = Scene.Facts("192.0.2.1", "192.0.2.1 PTR mail.partner.example", "mail.partner.example A 192.0.2.1").Said("pc", "ann@nowhere.example");

        var verdict = await Engine(check, new() { Names = [DomainName.Parse("partner.example")] }).JudgeAsync(Stage.Recipient, facts);

        Assert.Equal(Decision.Accept, verdict.Decision);
    }

    [Theory]
    [InlineData("no forward record", "192.0.2.1 PTR mail.partner.example")]
    [InlineData("another address", "192.0.2.1 PTR mail.partner.example;mail.partner.example A 192.0.2.9")]
    [InlineData("forward lookup fails", "192.0.2.1 PTR mail.partner.example;mail.partner.example A !ServerFailure")]
    [InlineData("another name is the confirmed one", "192.0.2.1 PTR mail.partner.example;192.0.2.1 PTR own.example;own.example A 192.0.2.1")]
    [InlineData("no border between labels", "192.0.2.1 PTR evilpartner.example;evilpartner.example A 192.0.2.1")]
    public async Task An_unconfirmed_name_is_never_believed(string reason, string zone)
    {
        var facts = Scene.Facts("192.0.2.1", zone.Split(';')).Said("pc", "ann@nowhere.example");

        var verdict = await Engine("require-helo-fqdn", new() { Names = [DomainName.Parse("partner.example")] }).JudgeAsync(Stage.Recipient, facts);

        Assert.True(verdict.IsRefusal, reason);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("192.168.0.1", true)]
    [InlineData("169.254.7.7", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1%3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("2001:db8::1", false)]
    [InlineData("192.0.2.1", false)]
    public async Task Private_addresses_are_exempt_unless_that_is_switched_off(string address, bool isPrivate)
    {
        var ptr = BuiltInProfiles.Named("ptr");

        Assert.Equal(!isPrivate, (await new PolicyEngine(ptr, new()).JudgeAsync(Stage.Recipient, Scene.Facts(address).Said())).IsRefusal);
        Assert.True((await new PolicyEngine(ptr, new() { ExemptPrivate = false }).JudgeAsync(Stage.Recipient, Scene.Facts(address).Said())).IsRefusal);
    }

    [Theory]
    [InlineData("postmaster", true)]
    [InlineData("postmaster@gateway.test", true)]
    [InlineData("PostMaster@gateway.test", true)]
    [InlineData("\"postmaster\"@gateway.test", true)]
    [InlineData("abuse@gateway.test", true)]
    [InlineData("postmaster2@gateway.test", false)]
    [InlineData("bob@postmaster", false)]
    public void Postmaster_and_abuse_are_reachable_by_default(string recipient, bool isExempt)
    {
        Assert.Equal(isExempt, new Exemptions().ByRecipient(Scene.Recipient(recipient)) is not null);
    }

    [Fact]
    public void The_null_reverse_path_is_exempt_only_where_it_is_named()
    {
        Assert.Null(new Exemptions { Senders = ["@", "", "ann@example.org"] }.BySender(Scene.Sender("<>")));
        Assert.NotNull(new Exemptions { Senders = ["<>"] }.BySender(Scene.Sender("<>")));
    }

    [Fact]
    public void An_empty_entry_exempts_nobody()
    {
        Assert.Null(new Exemptions { Recipients = ["", "@"] }.ByRecipient(Scene.Recipient("bob@gateway.test")));
    }

    [Fact]
    public async Task After_DATA_all_recipients_must_be_exempt()
    {
        var engine = new PolicyEngine(BuiltInProfiles.Named("ptr"), new(), Stage.Data);
        var facts = Scene.Facts("192.0.2.1").Said(recipient: "postmaster@gateway.test");
        Assert.False((await engine.JudgeAsync(Stage.Data, facts)).IsRefusal);

        facts.Recipients = [.. facts.Recipients, Scene.Recipient("bob@gateway.test")];

        Assert.True((await engine.JudgeAsync(Stage.Data, facts)).IsRefusal);
    }

    [Fact]
    public async Task A_client_that_nobody_names_is_asked_of_no_dns_and_exempt_by_nothing_that_its_proxy_has()
    {
        var resolver = new FakeResolver("10.0.0.2 PTR proxy.partner.example", "proxy.partner.example A 10.0.0.2");
        var facts = Scene.Facts(PolicyFacts.Nobody.ToString(), resolver).Said("proxy.partner.example");
        var exemptions = new Exemptions { Names = [DomainName.Parse("partner.example")], Networks = [IPNetwork.Parse("10.0.0.0/8")] };

        var verdict = await Engine("require-ptr", exemptions).JudgeAsync(Stage.Recipient, facts);

        Assert.Equal("rdns-none", verdict.DecidedBy!.Outcome.ReasonId);
        Assert.Equal("the proxy does not know the client's address", verdict.DecidedBy.Outcome.Reason);
        Assert.Empty(resolver.Asked);
    }

    [Theory]
    [InlineData(Stage.Connect)]
    [InlineData(Stage.Helo)]
    [InlineData(Stage.Mail)]
    public async Task A_client_that_nobody_names_is_greeted_for_it_may_be_a_health_check_and_refused_when_it_sends_mail(Stage refuseAt)
    {
        var engine = Scene.Engine(Scene.Profile("""{ "summary": "s", "checks": { "require-ptr": "Enforce", "refuse-early-talker": "Enforce" } }"""), refuseAt);
        var facts = Scene.Facts(PolicyFacts.Nobody.ToString()).Said();

        Assert.Null(engine.GreetingWait(facts));
        var (stage, verdict) = await engine.JudgeAllAsync(facts);

        Assert.Equal((Stage.Mail, true), (stage, verdict.IsRefusal));
    }

    [Fact]
    public async Task In_the_greeting_no_recipient_can_exempt()
    {
        var engine = new PolicyEngine(BuiltInProfiles.Named("ptr"), new(), Stage.Connect);

        Assert.True((await engine.JudgeAsync(Stage.Connect, Scene.Facts("192.0.2.1"))).IsRefusal);
    }

    [Theory]
    [InlineData("127.0.0.10", Decision.Accept)]
    [InlineData("!NoData", Decision.Reject)]
    [InlineData("203.0.113.1", Decision.Defer)]
    [InlineData("!ServerFailure", Decision.Defer)]
    [InlineData("127.255.255.254", Decision.Defer)]
    public async Task A_list_that_speaks_for_the_client_exempts_it_and_while_it_cannot_say_nothing_is_final(string answer, Decision expected)
    {
        var engine = Engine("require-ptr", new() { Lists = [DomainName.Parse("wl.example")] });
        var facts = Scene.Facts("192.0.2.1", $"1.2.0.192.wl.example A {answer}").Said();

        var verdict = await engine.JudgeAsync(Stage.Recipient, facts);

        Assert.Equal(expected, verdict.Decision);
        Assert.Equal(expected == Decision.Accept ? "exempt" : "require-ptr", verdict.DecidedBy!.Check);
    }

    [Fact]
    public async Task While_the_name_that_may_exempt_is_unknown_nothing_is_final()
    {
        var engine = Engine("require-helo-fqdn", new() { Names = [DomainName.Parse("example.org")] });

        var verdict = await engine.JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1", "192.0.2.1 PTR !TimedOut").Said("pc"));

        Assert.Equal(Decision.Defer, verdict.Decision);
    }

    private static PolicyEngine Engine(string check, Exemptions exemptions) => new(Scene.Alone(CheckTable.Find(check)!), exemptions);
}
