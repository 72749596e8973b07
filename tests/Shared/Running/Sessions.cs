using System.Net;
using Gateway.Dns;
using Gateway.Lab.Conversations;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Tests;

/// <summary>Sessions as they happen, for tests of the log, the journal and other views of them.</summary>
internal static class Sessions
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero);

    public static string IdAt(DateTimeOffset start, int number = 1) => new SessionIds(new StagedTime(start), number - 1).Next();

    public static SessionStory Empty(DateTimeOffset start, int number = 1, string client = "192.0.2.20", string profile = "observe") =>
        new(IdAt(start, number), start, new(IPAddress.Parse(client), 40_000), new IPEndPoint(IPAddress.Loopback, 25), profile);

    public static Finding Found(string check, CheckMode mode, Decision decision, string? reason = null, string why = "because") =>
        new(check, mode, new(decision, reason, why));

    public static Verdict Passed(params Finding[] findings) => new(Decision.Continue, null, null, findings);

    public static Verdict Refused(Reply reply, params Finding[] findings) =>
        new(reply.IsPermanent ? Decision.Reject : Decision.Defer, reply, findings[^1], findings);

    /// <summary>A transaction whose message the smart host takes.</summary>
    public static SessionStory Delivers(this SessionStory session, string domain, params Finding[] findings)
    {
        var sender = new ReversePath(new("ann", domain));
        session.Begin(sender, TimeSpan.FromMilliseconds(12));
        session.Accepted(Verb.Mail);
        var recipient = new ForwardPath(new("bob", "gateway.test"));
        session.Asked(recipient);
        session.Judged(Passed(findings));
        session.Accepted(Verb.Rcpt);
        session.Message(new(sender, [recipient], default), 1234, new(
            new(250, 6, 0, "queued as 4711"), new(IPAddress.Loopback, 2525), 1, false, TimeSpan.FromMilliseconds(7), null)
        { IsPassedOn = true });
        return session;
    }

    /// <summary>A transaction whose message the smart host has, and does not confirm.</summary>
    public static SessionStory IsLeftInDoubt(this SessionStory session, string domain)
    {
        var sender = new ReversePath(new("ann", domain));
        session.Begin(sender, TimeSpan.FromMilliseconds(12));
        session.Accepted(Verb.Mail);
        session.Message(new(sender, [new(new("bob", "gateway.test"))], default), 1234, new(
            new(451, 4, 2, "nobody knows"), new(IPAddress.Loopback, 2525), 1, false, TimeSpan.FromMinutes(9), "in doubt: because")
        { IsInDoubt = true });
        return session;
    }

    /// <summary>A transaction that is refused at RCPT by the last of the findings.</summary>
    public static SessionStory IsRefused(this SessionStory session, string domain, Reply reply, params Finding[] findings)
    {
        session.Begin(new(new("ann", domain)), TimeSpan.FromMilliseconds(12));
        session.Accepted(Verb.Mail);
        session.Asked(new(new("bob", "gateway.test")));
        session.Judged(Refused(reply, findings));
        session.Refused(Verb.Rcpt, reply, TimeSpan.FromMilliseconds(34));
        session.Refused(Verb.Data, new(554, 5, 1, "No valid recipients"), TimeSpan.FromMilliseconds(35));
        session.CloseTransaction();
        return session;
    }

    /// <summary>A transaction whose message the smart host refuses in its own words.</summary>
    public static SessionStory IsTurnedDown(this SessionStory session, string domain, Reply reply)
    {
        var sender = new ReversePath(new("ann", domain));
        session.Begin(sender, TimeSpan.FromMilliseconds(12));
        session.Accepted(Verb.Mail);
        session.Message(new(sender, [new(new("bob", "gateway.test"))], default), 1234, new(
            reply, new(IPAddress.Loopback, 2525), 1, false, TimeSpan.FromMilliseconds(7), "refused at DATA")
        { IsPassedOn = true });
        return session;
    }

    /// <summary>A transaction whose recipients are refused one after the other, by relay control or by the smart host.</summary>
    public static SessionStory IsRefusedBy(this SessionStory session, Refuser refuser, params Reply[] replies)
    {
        session.Begin(new(new("ann", "example.org")), TimeSpan.FromMilliseconds(12));
        session.Accepted(Verb.Mail);
        foreach (var reply in replies)
        {
            session.Asked(new(new("bob", "elsewhere.test")));
            session.Refused(Verb.Rcpt, reply, TimeSpan.FromMilliseconds(34), refuser);
        }
        session.CloseTransaction();
        return session;
    }

    /// <summary>Two transactions, one of each fate, with a PTR name that does not lead back.</summary>
    public static SessionStory Rich(DateTimeOffset start, int number = 1)
    {
        var session = Empty(start, number, profile: "standard");
        session.Facts = Mismatch(session.Client.Address);
        session.Helo = new("client.example", IsExtended: true);
        session.Tls = "Tls13 TLS_AES_256_GCM_SHA384";
        var noticed = Found("require-fcrdns", CheckMode.Monitor, Decision.Reject, "rdns-mismatch", session.Facts.Detail);
        session.Delivers("example.org", Found("require-ptr", CheckMode.Enforce, Decision.Continue, null, "there is one"), noticed);
        var refusal = new Reply(550, 1, 8, $"Sender domain does not exist; reason=sender-nodomain id={session.Id}");
        session.IsRefused("nowhere.example", refusal, noticed,
            Found("require-sender-domain", CheckMode.Enforce, Decision.Reject, "sender-nodomain", "nowhere.example does not exist"));
        session.End = SessionEnd.Quit;
        session.Elapsed = TimeSpan.FromMilliseconds(512);
        return session;
    }

    private static ClientFacts Mismatch(IPAddress address)
    {
        var (name, hour) = (DomainName.Parse("mail.example.org"), TimeSpan.FromHours(1));
        var (reverse, forward) = (new DnsQuestion(ReverseName.Of(address), RecordType.Ptr), new DnsQuestion(name, RecordType.A));
        var ptr = new DnsAnswer(reverse, DnsStatus.Found, [new PtrRecord(reverse.Name, hour, name)], [], hour);
        var a = new DnsAnswer(forward, DnsStatus.Found, [new AddressRecord(name, hour, IPAddress.Parse("192.0.2.99"))], [], hour);
        return new(
            address, IprevStatus.Fail, [new(name, a, IsConfirmed: false)], $"PTR of {address} names mail.example.org, whose A record is 192.0.2.99",
            [new(ptr, TimeSpan.FromMilliseconds(3.25)), new(a, TimeSpan.FromMilliseconds(41))], TimeSpan.FromMilliseconds(45));
    }
}
