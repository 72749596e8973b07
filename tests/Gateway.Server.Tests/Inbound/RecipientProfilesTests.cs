using System.Net;
using Gateway.Policy;
using Gateway.Policy.Profiles;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Gateway.Tests;

namespace Gateway.Server.Tests.Inbound;

public sealed class RecipientProfilesTests
{
    private static readonly Profile Aol = ProfileLibrary.Load(null).Find("aol-2006")!;

    [Fact]
    public void No_profile_of_such_a_listener_refuses_before_the_recipient_is_known()
    {
        Assert.Equal(Stage.Connect, Aol.RefuseAt);
        var listener = new ListenerOptions(new(IPAddress.Loopback, 0), Aol, null);
        Assert.Equal(Stage.Connect, listener.RefusesAt(Aol));

        var byRecipient = listener with { RecipientProfiles = new("strict.test", [Aol]) };
        Assert.Equal(Stage.Recipient, byRecipient.RefusesAt(Aol));
        Assert.Equal(Stage.Data, (byRecipient with { RefuseAt = Stage.Data }).RefusesAt(Aol));
        Assert.Throws<ArgumentException>(() => new RecipientProfiles("strict.test", [new PolicyEngine(Aol, new())]));
    }

    [Fact]
    public void The_record_names_who_judged_each_once()
    {
        var session = new SessionStory("id", DateTimeOffset.UnixEpoch, new(IPAddress.Loopback, 1), null, "standard");
        Assert.Equal("standard", session.Record.Profile);

        foreach (var name in new[] { "gmail", "gmx", "gmail" })
        {
            session.Begin(default);
            session.JudgedBy(name);
        }

        var record = session.Record;
        Assert.Equal("gmail gmx", record.Profile);
        Assert.Equal(["gmail", "gmx", "gmail"], record.Transactions.Select(transaction => transaction.Profile));
        var document = SessionDescription.Of(record);
        Assert.Equal("gmail gmx", document.Profile);
        Assert.Equal("gmx", document.Transactions[1].Profile);
    }
}
