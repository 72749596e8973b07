using Gateway.Policy.Facts;

namespace Gateway.Policy.Tests;

public sealed class SenderDomainLookupTests
{
    [Theory]
    [InlineData("MX", "example.org MX 10 mx.example.org", SenderDomainStatus.Exists)]
    [InlineData("A in its place", "example.org A 192.0.2.7", SenderDomainStatus.Exists)]
    [InlineData("AAAA in its place", "example.org AAAA 2001:db8::7", SenderDomainStatus.Exists)]
    [InlineData("AAAA though A fails", "example.org A !ServerFailure;example.org AAAA 2001:db8::7", SenderDomainStatus.Exists)]
    [InlineData("null MX (RFC 7505)", "example.org MX 0 .", SenderDomainStatus.NullMx)]
    [InlineData("a null MX is not one beside others (RFC 7505 §3)", "example.org MX 0 .;example.org MX 10 mx.example.org", SenderDomainStatus.Exists)]
    [InlineData("name error", "", SenderDomainStatus.DoesNotExist)]
    [InlineData("no MX, no address", "example.org TXT x", SenderDomainStatus.DoesNotExist)]
    [InlineData("MX fails: no address is looked for (RFC 5321 §5.1)", "example.org MX !ServerFailure;example.org A 192.0.2.7", SenderDomainStatus.TempError)]
    [InlineData("A fails, AAAA has no data", "example.org A !TimedOut", SenderDomainStatus.TempError)]
    public async Task A_domain_exists_when_mail_to_it_has_somewhere_to_go(string reason, string zone, SenderDomainStatus expected)
    {
        var facts = await LookupAsync("ann@example.org", zone);

        Assert.True(facts.Status == expected, $"{reason}: {facts.Status} ({facts.Detail})");
        Assert.Equal("example.org", facts.Domain);
    }

    [Theory]
    [InlineData("<>")]
    [InlineData("ann@[192.0.2.1]")]
    public async Task Without_a_domain_nothing_is_looked_up(string sender)
    {
        var facts = await LookupAsync(sender, "");

        Assert.Equal(SenderDomainStatus.NoDomain, facts.Status);
        Assert.Empty(facts.Trail);
    }

    [Fact]
    public async Task A_domain_in_unicode_is_looked_up_by_its_A_labels()
    {
        var facts = await LookupAsync("ann@bücher.example", "xn--bcher-kva.example MX 10 mx.example.org");

        Assert.Equal(SenderDomainStatus.Exists, facts.Status);
    }

    [Fact]
    public async Task What_is_no_domain_name_does_not_exist()
    {
        var facts = await LookupAsync($"ann@{new string('a', 64)}.example", "");

        Assert.Equal(SenderDomainStatus.DoesNotExist, facts.Status);
    }

    [Fact]
    public async Task No_answer_within_the_deadline_is_temporary()
    {
        var time = new ManualTime();
        var resolver = new FakeResolver("example.org MX 10 mx.example.org");
        resolver.Hold("example.org", "MX");

        var lookup = new SenderDomainLookup(resolver, new(), time).LookupAsync(Scene.Sender("ann@example.org"), CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(SenderDomainStatus.TempError, (await lookup).Status);
    }

    private static Task<SenderDomainFacts> LookupAsync(string sender, string zone) =>
        new SenderDomainLookup(new FakeResolver(zone.Split(';', StringSplitOptions.RemoveEmptyEntries)), new(), new ManualTime())
            .LookupAsync(Scene.Sender(sender), CancellationToken.None);
}
