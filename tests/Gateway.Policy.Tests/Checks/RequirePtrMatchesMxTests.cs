using Gateway.Policy.Checks;

namespace Gateway.Policy.Tests;

public sealed class RequirePtrMatchesMxTests
{
    public static TheoryData<string, string, string, string> Cases => new()
    {
        // why, sender, zone, answer
        { "the MX host", "a@s.example", "192.0.2.1 PTR mail.s.example;s.example MX 10 mail.s.example", "Continue" },
        { "the second MX host", "a@s.example", "192.0.2.1 PTR b.example;s.example MX 10 a.example;s.example MX 20 B.example", "Continue" },
        { "the second PTR name", "a@s.example", "192.0.2.1 PTR x.example;192.0.2.1 PTR a.example;s.example MX 10 a.example", "Continue" },
        { "where it leads is not asked", "a@s.example", "192.0.2.1 PTR a.example;a.example A !TimedOut;s.example MX 10 a.example", "Continue" },
        { "no MX: the domain itself", "a@s.example", "192.0.2.1 PTR s.example;s.example A 192.0.2.1", "Continue" },
        { "another host of the domain", "a@s.example", "192.0.2.1 PTR out.s.example;s.example MX 10 mail.s.example", "Reject mx-mismatch" },
        { "no MX, another name", "a@s.example", "192.0.2.1 PTR out.s.example;s.example A 192.0.2.1", "Reject mx-mismatch" },
        { "a domain that does not exist", "a@s.example", "192.0.2.1 PTR out.s.example", "Reject mx-mismatch" },
        { "no PTR record", "a@s.example", "s.example MX 10 mail.s.example", "Reject rdns-none" },
        { "PTR unknown for the moment", "a@s.example", "192.0.2.1 PTR !ServerFailure;s.example MX 10 mail.s.example", "Defer rdns-temp" },
        { "MX unknown for the moment", "a@s.example", "192.0.2.1 PTR mail.s.example;s.example MX !ServerFailure", "Defer mx-temp" },
        { "the null reverse-path", "<>", "192.0.2.1 PTR mail.s.example", "Continue" },
        { "an address literal", "a@[192.0.2.1]", "192.0.2.1 PTR mail.s.example", "Continue" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_PTR_name_must_be_a_mail_host_of_the_senders_domain(string why, string sender, string zone, string expected)
    {
        var facts = Scene.Facts("192.0.2.1", zone.Split(';')).Said(sender: sender);

        var outcome = await CheckTable.Find("require-ptr-matches-mx")!.JudgeAsync(facts, CancellationToken.None);

        Assert.True(expected == $"{outcome.Decision} {outcome.ReasonId}".TrimEnd(), $"{why}: {outcome}");
    }
}
