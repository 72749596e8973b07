using System.Text;
using System.Text.Json;
using Gateway.Policy;
using Gateway.Server.Journal;
using Gateway.Smtp;
using Gateway.Tests;
using static Gateway.Tests.Sessions;

namespace Gateway.Server.Tests.Journal;

public sealed class SessionDescriptionTests
{
    [Fact]
    public void A_session_is_told_whole()
    {
        var told = SessionDescription.Of(Rich(Noon));

        Assert.Equal((IdAt(Noon), Noon, 0.512, "192.0.2.20", 40_000), (told.Id, told.Started, told.Seconds, told.Client, told.Port));
        Assert.Equal(("127.0.0.1:25", "standard", null, "fail"), (told.Listener, told.Profile, told.Name, told.Iprev));
        Assert.Equal(("client.example", "Tls13 TLS_AES_256_GCM_SHA384", "quit"), (told.Helo, told.Tls, told.End));
        Assert.Equal(new VerdictDocument("reject", "require-sender-domain", "sender-nodomain"), told.Verdict);
        Assert.Equal(
        [
            new TrailDocument("PTR", "20.2.0.192.in-addr.arpa", "found", "mail.example.org", 3.25),
            new TrailDocument("A", "mail.example.org", "found", "192.0.2.99", 41),
        ], told.Trail);
        Assert.Equal(["require-ptr enforce continue", "require-fcrdns monitor reject", "require-sender-domain enforce reject"],
            told.Findings.Select(finding => $"{finding.Check} {finding.Mode} {finding.Decision}"));
        Assert.Equal((2, 2, 1, 1), (told.RefusalCount, told.TransactionCount, told.Messages, told.Delivered));
        Assert.Equal(("RCPT", 2, "<bob@gateway.test>", 0.034), (told.Refusals[0].Command, told.Refusals[0].Transaction, told.Refusals[0].Recipient, told.Refusals[0].At));

        var (first, second) = (told.Transactions[0], told.Transactions[1]);
        Assert.True(first is { Number: 1, Sender: "<ann@example.org>", IsDelivered: true, Reply: "250 2.6.0 queued as 4711", RecipientCount: 1 });
        Assert.Equal(new DeliveryDocument(1234, "127.0.0.1:2525", 1, 7, null), first.Delivery);
        Assert.True(second is { Number: 2, Sender: "<ann@nowhere.example>", IsDelivered: false, Delivery: null, RecipientCount: 0 });
        Assert.StartsWith("550 5.1.8 ", second.Reply, StringComparison.Ordinal);
        Assert.Equal([0, 1], first.Findings);
        Assert.Equal([1, 2], second.Findings);
    }

    [Fact]
    public void A_proxy_is_told_beside_the_client_that_it_named()
    {
        var session = Empty(Noon);
        var direct = SessionDescription.Of(session);
        Assert.Equal((null, null), (direct.Peer, direct.ClaimedBy));
        var peer = session.Peer.ToString();

        session.Claimed("XCLIENT", new(System.Net.IPAddress.Parse("192.0.2.66"), 1025));

        var told = SessionDescription.Of(session);
        Assert.Equal(("192.0.2.66", 1025, peer, "XCLIENT"), (told.Client, told.Port, told.Peer, told.ClaimedBy));
    }

    [Fact]
    public void A_refusal_in_the_smart_hosts_words_is_told_as_such_and_the_next_one_of_ours_is_not()
    {
        var session = Empty(Noon);
        session.Begin(new(new("ann", "example.org")), TimeSpan.Zero);
        session.Accepted(Verb.Mail);
        session.Asked(new(new("nobody", "gateway.test")));
        session.Refused(Verb.Rcpt, new(550, 1, 1, "User unknown"), by: Refuser.NextHop);
        session.Asked(new(new("eve", "elsewhere.example")));
        session.Refused(Verb.Rcpt, new(550, 7, 1, "Unable to relay"));

        var told = SessionDescription.Of(session);

        Assert.Equal([true, false], told.Refusals.Select(refusal => refusal.FromSmartHost));
        Assert.Single(JournalJson.Indented(told).Split("fromSmartHost").Skip(1));
    }

    [Fact]
    public void What_is_read_back_is_what_was_written()
    {
        var told = SessionDescription.Of(Rich(Noon));
        var read = JsonSerializer.Deserialize(SessionDescription.Encode(told), JournalJson.Default.SessionDocument)!;
        Assert.Equal(JournalJson.Indented(told), JournalJson.Indented(read));
    }

    [Fact]
    public void Nothing_hostile_stands_raw_in_a_document()
    {
        const string evil = "a\r\n\"},{\u001b[31m\u0085\u202e\ud800é";
        var session = Empty(Noon);
        session.Helo = new(evil, IsExtended: true);
        session.IsRefused(evil, new(550, 1, 8, evil), Found("x", CheckMode.Enforce, Decision.Reject, "r", evil));

        var json = Encoding.UTF8.GetString(SessionDescription.Encode(SessionDescription.Of(session)));

        Assert.DoesNotContain(json, letter => letter is < ' ' or > '~');
        var read = JsonSerializer.Deserialize(json, JournalJson.Default.SessionDocument)!;
        // Half a surrogate pair is no text; everything else is as it was.
        Assert.Equal(evil.Replace('\ud800', '\ufffd'), read.Helo);
    }

    [Fact]
    public void A_document_is_bounded_whatever_a_client_does()
    {
        var session = Empty(Noon);
        var recipient = new ForwardPath(new(new string('é', 900), "gateway.test"));
        for (var i = 0; i < 500; i++)
        {
            session.Begin(new(new(new string('ß', 900), "example.org")), TimeSpan.Zero);
            session.Judged(Passed(Found("check", CheckMode.Monitor, Decision.Reject, "reason", $"{i} {new string('x', 2000)}")));
            session.Refused(Verb.Rcpt, new(550, 1, 1, new string('n', 2000)));
            session.Message(new(default, [.. Enumerable.Repeat(recipient, 50)], default), 1, new(new(250, 0, 0, "OK"), null, 1, false, TimeSpan.Zero, null));
        }
        var encoded = SessionDescription.Encode(SessionDescription.Of(session));
        Assert.True(encoded.Length <= SessionDescription.MaxDocument, $"{encoded.Length} octets");
        var read = JsonSerializer.Deserialize(encoded, JournalJson.Default.SessionDocument)!;
        Assert.Equal((500, 500, 500), (read.TransactionCount, read.Delivered, read.RefusalCount));
        Assert.NotEmpty(read.Transactions);
    }

    [Fact]
    public void A_transaction_that_was_refused_at_mail_is_over_with_it()
    {
        var session = Empty(Noon);
        session.Begin(new(new("ann", "example.org")), TimeSpan.Zero);
        session.Refused(Verb.Mail, new(550, 1, 8, "no"));
        session.Begin(new(new("bea", "example.org")), TimeSpan.Zero);
        session.Accepted(Verb.Mail);
        // A second MAIL within a transaction is the client's mistake, not the transaction's end.
        session.Refused(Verb.Mail, new(503, 5, 1, "nested"));
        session.Asked(new(new("bob", "gateway.test")));
        session.Accepted(Verb.Rcpt);

        var record = session.Record;
        Assert.Equal(["<ann@example.org> 0", "<bea@example.org> 1"], record.Transactions.Select(one => $"{one.Sender} {one.RecipientCount}"));
        Assert.Equal([1, 2], record.Refusals.Select(refusal => refusal.Transaction));
    }
}
