using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Policy.Tests;

public sealed class PolicyFactsTests
{
    [Fact]
    public async Task Each_fact_is_looked_up_once()
    {
        var resolver = new FakeResolver("192.0.2.1 PTR a.example", "a.example A 192.0.2.1", "example.org MX 10 mx.example.org");
        var facts = Scene.Facts("192.0.2.1", resolver).Said();
        var engine = Scene.Engine(BuiltInProfiles.Named("strict"));

        for (var i = 0; i < 3; i++)
        {
            facts.Recipient = Scene.Recipient($"bob{i}@gateway.test");
            Assert.False((await engine.JudgeAsync(Stage.Recipient, facts)).IsRefusal);
        }

        Assert.Equal(3, resolver.Asked.Count);
    }

    [Fact]
    public async Task Nothing_but_the_reverse_lookup_is_asked_before_a_check_wants_it()
    {
        var resolver = new FakeResolver();
        var facts = Scene.Facts("192.0.2.1", resolver).Said();
        await facts.Client;

        Assert.DoesNotContain(resolver.Asked, question => question.Type == RecordType.Mx);
    }

    [Fact]
    public async Task A_new_transaction_has_a_new_sender_domain()
    {
        var facts = Scene.Facts("192.0.2.1", "example.org MX 10 mx.example.org").Said();
        Assert.Equal(SenderDomainStatus.Exists, (await facts.SenderDomainAsync()).Status);

        facts.Reset();
        facts.Sender = Scene.Sender("ann@nowhere.example");

        Assert.Equal(SenderDomainStatus.DoesNotExist, (await facts.SenderDomainAsync()).Status);
    }

    [Fact]
    public async Task A_client_that_changes_its_sender_without_end_has_one_look_up_under_way()
    {
        var resolver = new FakeResolver("last.example MX 10 mx.example.org");
        var held = resolver.Hold("first.example", "MX");
        var facts = Scene.Facts("192.0.2.1", resolver);
        foreach (var domain in (string[])["first.example", "b.example", "c.example", "last.example"])
        {
            facts.Reset();
            facts.Sender = Scene.Sender($"ann@{domain}");
            facts.BeginSenderDomain();
        }
        Assert.Single(resolver.Asked, static question => question.Type == RecordType.Mx);

        var last = facts.SenderDomainAsync();
        Assert.False(last.IsCompleted);
        held.SetResult();

        Assert.Equal(SenderDomainStatus.Exists, (await last).Status);
        Assert.Equal(2, resolver.Asked.Count(static question => question.Type == RecordType.Mx));
    }

    [Theory]
    [InlineData(true, false, "names are exempt")]
    [InlineData(false, true, "lists are exempt")]
    [InlineData(true, true, "both are")]
    public async Task A_client_that_names_recipients_without_end_leaves_no_more_facts_behind_than_one_that_names_a_few(bool names, bool lists, string why)
    {
        var facts = Scene.Facts("192.0.2.1", "192.0.2.1 PTR a.example").Said();
        var engine = Scene.Engine(BuiltInProfiles.Named("strict"), exemptions: new()
        {
            ExemptPrivate = false,
            Names = names ? [DomainName.Parse("trusted.example")] : [],
            Lists = lists ? [DomainName.Parse("list.example")] : [],
        });
        await JudgeAsync(5);
        var few = facts.HeldFacts;

        await JudgeAsync(5000);

        Assert.True(few == facts.HeldFacts, why);

        async Task JudgeAsync(int recipients)
        {
            for (var i = 0; i < recipients; i++)
            {
                facts.Recipient = Scene.Recipient("bob@gateway.test");
                await engine.JudgeAsync(Stage.Recipient, facts);
            }
        }
    }

    [Fact]
    public async Task A_new_HELO_ends_the_transaction_and_is_judged_anew()
    {
        var facts = Scene.Facts("192.0.2.1", "192.0.2.1 PTR a.example").Said(helo: "localhost");
        var engine = Scene.Engine(Scene.Profile("""{ "summary": "s", "checks": { "require-helo-fqdn": "Enforce" } }"""));
        Assert.True((await engine.JudgeAsync(Stage.Recipient, facts)).IsRefusal);

        facts.Helo = new Helo("client.example", IsExtended: true);

        Assert.Null(facts.Sender);
        Assert.Null(facts.Recipient);
        Assert.False((await engine.JudgeAsync(Stage.Recipient, facts)).IsRefusal);
    }

    [Fact]
    public void A_mapped_address_is_the_IPv4_address_that_it_maps()
    {
        var facts = Scene.Facts("::ffff:192.0.2.1");

        Assert.Equal("192.0.2.1", facts.Address.ToString());
        Assert.False(facts.IsIPv6);
    }

    [Fact]
    public async Task The_trail_tells_every_query_in_order_and_never_waits()
    {
        var resolver = new FakeResolver("192.0.2.1 PTR a.example", "a.example A 192.0.2.1", "example.org MX 10 mx.example.org", "1.2.0.192.bl.example A 127.0.0.2");
        var held = resolver.Hold("example.org", "MX");
        var facts = Scene.Facts("192.0.2.1", resolver).Said("a.example");
        facts.BeginHeloHost();
        facts.BeginSenderDomain();
        await facts.ListsAsync(new([new(DomainName.Parse("bl.example"))]));
        string[] before = ["1.2.0.192.in-addr.arpa PTR", "a.example A"], helo = ["a.example A", "a.example AAAA"];
        string[] lists = ["1.2.0.192.bl.example A", "1.2.0.192.bl.example TXT"];

        Assert.Equal([.. before, .. helo, .. lists], facts.Trail.Select(step => step.Answer.Question.ToString()));
        held.SetResult();
        await facts.SenderDomainAsync();

        Assert.Equal([.. before, .. helo, "example.org MX", .. lists], facts.Trail.Select(step => step.Answer.Question.ToString()));
    }

    [Fact]
    public async Task The_trail_keeps_what_earlier_transactions_asked_and_is_bounded()
    {
        var facts = Scene.Facts("192.0.2.1");
        for (var i = 0; i < 1000; i++)
        {
            facts.Sender = Scene.Sender($"ann@d{i}.example");
            await facts.SenderDomainAsync();
        }

        Assert.Contains(facts.Trail, step => step.Answer.Question.Name.ToString() == "d0.example");
        Assert.InRange(facts.Trail.Count, 50, 200);
    }
}
