using System.Net;
using Gateway.Policy;
using Gateway.Server.Hosting.Logging;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Hosting.Logging;

public sealed class SessionLineTests
{
    private static readonly IPEndPoint Client = new(IPAddress.Parse("192.0.2.1"), 4711);

    [Fact]
    public void Nothing_that_a_client_says_reaches_the_log_raw()
    {
        const string evil = "a\r\nsession FAKE\u001b[31m\u0007\u0085é\u202e";
        var session = Session();
        session.Helo = new Helo(evil, IsExtended: true);
        session.Refused(Verb.Mail, new(550, 1, 7, evil));
        var envelope = new Envelope(new(new($"\"{evil}\"", "example.org")), [new(new(evil, "gateway.test"))], default);
        session.Message(envelope, 1, new(new(451, 4, 1, evil), null, 1, false, TimeSpan.Zero, evil));

        var line = Line(session);

        Assert.DoesNotContain(line, letter => letter is < ' ' or > '~');
        Assert.Contains("helo=a\\u000d\\u000asession FAKE\\u001b[31m", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_of_nothing_but_messages_is_still_one_short_line_and_a_small_record()
    {
        var session = Session();
        var recipient = new ForwardPath(new(new string('a', 900), "gateway.test"));
        var envelope = new Envelope(default, [.. Enumerable.Repeat(recipient, 1000)], default);
        for (var i = 0; i < 500; i++)
        {
            session.Message(envelope, 1, new(new(250, 0, 0, "OK"), null, 1, false, TimeSpan.Zero, null));
            session.Refused(Verb.Rcpt, new(550, 1, 1, "no"));
        }

        var record = session.Record;
        Assert.True(record is { MessageCount: 500, DeliveredCount: 500, RefusalCount: 500, Transactions.Count: 100, Refusals.Count: 32 });
        Assert.All(record.Transactions, transaction => Assert.True(transaction is { Recipients.Count: 10, RecipientCount: 1000 }));
        var line = Line(session);
        Assert.Contains("+999 ", line, StringComparison.Ordinal);
        Assert.True(line.Length < 4000, $"{line.Length} characters");
    }

    [Fact]
    public void A_proxy_stands_beside_the_client_that_it_named_and_nowhere_else()
    {
        var session = Session();
        Assert.DoesNotContain("peer=", Line(session), StringComparison.Ordinal);
        session.Claimed("PROXY", new(IPAddress.Parse("2001:db8::25"), 1025));
        Assert.Contains(" client=[2001:db8::25]:1025 peer=192.0.2.1:4711 by=PROXY name=", Line(session), StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_of_a_client_that_no_policy_judged_says_why()
    {
        var session = Session();
        var finding = new Finding("relay-network", CheckMode.Enforce, Outcome.Accept("192.0.2.1 is in the relay network 192.0.2.0/24"));
        session.Judged(new(Decision.Accept, null, finding, [finding]));

        Assert.Contains(" exempt=\"192.0.2.1 is in the relay network 192.0.2.0/24\" end=", Line(session), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_xclient_a_refused_proxy_and_a_full_disk_are_fields_of_the_one_line()
    {
        var session = Session();
        Assert.DoesNotContain("refused ", Line(session), StringComparison.Ordinal);
        session.XclientRefused();
        session.ProxyRefused(ProxyRefusal.TimedOut);
        session.StorageFailure = "No space left on device";
        Assert.Contains(" client=192.0.2.1:4711 proxy-refused=timed-out xclient-refused name=", Line(session), StringComparison.Ordinal);
        Assert.Contains(" storage=\"No space left on device\" refused=0", Line(session), StringComparison.Ordinal);
    }

    [Fact]
    public void A_quote_in_a_recipient_does_not_end_the_reply_that_names_it()
    {
        var session = Session();
        session.Refused(Verb.Rcpt, new(550, 7, 1, "Unable to relay for \"x\" delivered=1 reply=\"250\"@example.com"));

        Assert.Contains("""[RCPT "550 5.7.1 Unable to relay for \"x\" delivered=1 reply=\"250\"@example.com"]""", Line(session), StringComparison.Ordinal);
    }

    [Fact]
    public void The_smart_hosts_words_are_marked_as_its_own()
    {
        var session = Session();
        session.Begin(new(new("ann", "example.org")), TimeSpan.Zero);
        session.Refused(Verb.Rcpt, new(550, 1, 1, "User unknown"), by: Refuser.NextHop);

        Assert.Contains("[RCPT \"550 5.1.1 User unknown\" by=smarthost]", Line(session), StringComparison.Ordinal);
    }

    [Fact]
    public void A_smart_host_that_talks_without_end_is_quoted_in_part()
    {
        var session = Session();
        Assert.True(ForwardPath.TryParse("<bob@gateway.test>", out var recipient));
        var reply = new Reply(550, 0, 0, Enumerable.Repeat(new string('B', 500), 100));
        session.Message(new(default, [recipient], new()), 18, new(reply, null, 1, false, TimeSpan.Zero, null));

        Assert.InRange(Line(session).Length, 500, 2000);
    }

    private static SessionStory Session() => new("1M80P3C84FFZZ", DateTimeOffset.UnixEpoch, Client, null, "standard");

    private static string Line(SessionRecord session) => new SessionLine(session).ToString();
}
