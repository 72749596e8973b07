using Gateway.Lab.Exchange;

namespace Gateway.Lab.Tests.Exchange;

public sealed class ExchangeReporterTests
{
    private const string ProtocolError = "Message delivery to the remote domain 'destination.com' failed for the following reason: SMTP protocol error";

    private static readonly string[] Transaction = ["S: 220 mx.destination.com ESMTP", "C: EHLO Server.source.com", "S: 250 ok", "C: MAIL FROM:<user@source.com>", "S: 250 ok"];

    [Fact]
    public void The_NDR_of_a_refused_greeting_is_the_articles_line_by_line()
    {
        var told = Dialogue.Told("S: 554 no", "C: QUIT", "S: 221 bye");

        Assert.Equal(
            """
            Your message did not reach some or all of the intended recipients.

              Subject:
              Sent:     5/24/01 6:41 PM

            The following recipient(s) could not be reached:

              user@destination.com on 5/24/01 6:41 PM
                Your mail system could not find a way to successfully communicate with the destination system. Please notify your administrator.
                <Server.source.com> #5.5.0
            """.ReplaceLineEndings("\n"),
            string.Join('\n', told.Report!.Lines));
        Assert.Equal(["the form: KB300171", "the sentence: KB300171"], told.Report.Origins);
        Assert.Contains(told.Notes, note => note.Contains("5.5.0 indicates a generic SMTP failure", StringComparison.Ordinal) && note.Contains("#5.5.4", StringComparison.Ordinal));
        Assert.Null(told.Expired);
    }

    [Fact]
    public void Events_4000_and_4001_are_the_articles_and_the_trace_ends_with_NBT_and_the_disconnect()
    {
        var told = Dialogue.Told("S: 554-no", "S: 554 never", "C: QUIT", "S: 221 bye");

        Assert.Equal(
            [new EventEntry(4000, "Warning", null, ProtocolError, Origin.Kb300171), new EventEntry(4001, "Warning", null, ProtocolError, Origin.Kb300171)],
            told.Events);
        Assert.Equal("MSExchangeTransport", EventEntry.Source);
        Assert.Equal(["SMTP  554 no never", "NBT   queries for a NetBIOS name", "TCP   the Exchange server disconnects"], told.Trace);
    }

    [Fact]
    public void A_refused_command_is_event_7004_with_its_words_and_an_NDR_with_its_code()
    {
        var told = Dialogue.Told([.. Transaction, "C: RCPT TO:<user@destination.com>", "S: 550 5.1.1 User unknown"]);

        var entry = Assert.Single(told.Events);
        Assert.Equal((7004, "Error"), (entry.Id, entry.Type));
        Assert.Contains("The remote host \"mx.destination.com\", responded to the SMTP command \"rcpt\" with \"550 5.1.1 User unknown\". The full command sent was"
            + " \"RCPT TO:<user@destination.com>\".", entry.Description, StringComparison.Ordinal);
        Assert.Equal("    <Server.source.com #5.1.1 smtp;550 5.1.1 User unknown>", told.Report!.Lines[^1]);
        Assert.Empty(told.Trace);
        // Article point 19.
        Assert.Contains(told.Notes, note => note.Contains("does not find the recipient, the code may be 5.7.3", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_put_off_is_event_7002_and_stays_in_the_queue_until_4_4_7()
    {
        var told = Dialogue.Told([.. Transaction, "C: RCPT TO:<user@destination.com>", "S: 451 4.7.25 later"]);

        Assert.Equal([7002], told.Events.Select(entry => entry.Id));
        Assert.Null(told.Report);
        Assert.Equal("    <Server.source.com> #4.4.7", told.Expired!.Lines[^1]);
        Assert.Contains(told.Notes, note => note.Contains("stays in the queue", StringComparison.Ordinal));
    }

    [Fact]
    public void A_connection_that_is_dropped_is_event_4000_with_another_reason_and_nothing_is_lost()
    {
        var told = Dialogue.Told("S: 220 mx.destination.com", "C: EHLO Server.source.com");

        Assert.Equal([4000, 4001, 4006], told.Events.Select(entry => entry.Id));
        Assert.All(told.Events, entry => Assert.EndsWith("The connection was dropped by the remote host.", entry.Description, StringComparison.Ordinal));
        Assert.NotNull(told.Expired);
    }

    [Theory]
    [InlineData("550 no", "5.0.0", "one of the three codes that KB895853 names first")]
    [InlineData("554 no", "5.5.0", "#5.5.4")]
    [InlineData("550 5.7.25 no", "5.7.25", "because the sentence of Exchange 2003 for 5.7.25 is not known")]
    public void The_code_is_the_replys_own_or_what_the_articles_give_a_reply_without_one(string reply, string code, string note)
    {
        var told = Dialogue.Told([.. Transaction, "C: RCPT TO:<user@destination.com>", $"S: {reply}"]);

        Assert.Equal(code, Assert.Single(told.Report!.Recipients).Code);
        Assert.Contains(told.Notes, text => text.Contains(note, StringComparison.Ordinal));
    }

    [Fact]
    public void A_refused_relaying_names_the_events_and_the_causes_of_KB895853()
    {
        var told = Dialogue.Told([.. Transaction, "C: RCPT TO:<user@destination.com>", "S: 550 5.7.1 Unable to relay for user@destination.com"]);

        Assert.Equal([7004, 1701, 1707, 1709, 1710, 4001], told.Events.Select(entry => entry.Id));
        Assert.Equal([1, 3, 4, 6], told.Causes.Select(cause => cause.Scenario));
        Assert.Equal("5.7.1", Assert.Single(told.Report!.Recipients).Code);
    }

    [Fact]
    public void Anonymous_access_that_is_off_is_5_7_1_in_the_NDR_and_5_7_3_on_the_connection_and_the_difference_is_told()
    {
        var told = Dialogue.Told("S: 220 mx", "C: EHLO Server.source.com", "S: 250 ok", "C: MAIL FROM:<user@source.com>", "S: 530 5.7.3 Client was not authenticated");

        Assert.Equal("    <Server.source.com #5.7.1 smtp;530 5.7.3 Client was not authenticated>", told.Report!.Lines[^1]);
        Assert.Contains(told.Notes, note => note.StartsWith("The same cause has two codes", StringComparison.Ordinal));
        Assert.Equal([2, 3, 5, 6], told.Causes.Select(cause => cause.Scenario));
        Assert.Equal([7004, 1701, 1709, 1710, 4001], told.Events.Select(entry => entry.Id));
    }

    [Fact]
    public void A_refused_login_is_5_7_3() => Assert.Equal("5.7.3", Assert.Single(
        Dialogue.Told("S: 220 mx", "C: EHLO a", "S: 250 ok", "C: AUTH PLAIN ****", "S: 535 5.7.8 no", "C: QUIT", "S: 221 bye").Report!.Recipients).Code);

    [Fact]
    public void Another_5_7_1_is_no_matter_of_relaying()
    {
        var told = Dialogue.Told([.. Transaction, "C: RCPT TO:<user@destination.com>", "S: 550 5.7.1 Sender address rejected"]);

        Assert.Equal([7004], told.Events.Select(entry => entry.Id));
        Assert.Empty(told.Causes);
    }

    [Fact]
    public void A_bounce_that_does_not_arrive_makes_no_NDR()
    {
        var told = Dialogue.Told("S: 220 mx", "C: EHLO a", "S: 250 ok", "C: MAIL FROM:<>", "S: 250 ok", "C: RCPT TO:<b@b.example>", "S: 550 no");

        Assert.Null(told.Report);
        Assert.Equal([7004], told.Events.Select(entry => entry.Id));
    }

    [Fact]
    public void What_comes_from_neither_article_says_where_it_comes_from()
    {
        var seen = new[]
        {
            Dialogue.Told("S: 220 mx", "C: EHLO a"),
            Dialogue.Told([.. Transaction, "C: RCPT TO:<user@destination.com>", "S: 451 later"]),
            Dialogue.Told([.. Transaction, "C: RCPT TO:<user@destination.com>", "S: 550 no"]),
        };

        foreach (var id in new[] { 4006, 7002, 7004 })
            Assert.Contains("in neither article, from ", seen.SelectMany(told => told.Events).First(entry => entry.Id == id).Origin.ToString(), StringComparison.Ordinal);
        Assert.Contains(seen[1].Expired!.Origins, origin => origin.StartsWith("the sentence: in neither article, from ", StringComparison.Ordinal));
        Assert.Contains(seen[1].Notes, note => note.Contains("4.4.7 (in neither article, from KB284204)", StringComparison.Ordinal));
    }
}
