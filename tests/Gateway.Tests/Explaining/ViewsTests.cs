using Gateway.Dns;
using Gateway.Explaining;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Server.Journal;
using Spectre.Console;

namespace Gateway.Tests.Explaining;

public sealed class ViewsTests
{
    private static readonly DomainName Mail = DomainName.Parse("mail.source.com");

    [Fact]
    public void A_trail_has_query_answer_and_time_in_columns()
    {
        var shown = Shown(80, console => TrailView.Write(console,
        [
            Step("76.61.54.209.in-addr.arpa", RecordType.Ptr, DnsStatus.Found, 12.3, new PtrRecord(Mail, default, Mail)),
            Step("mail.source.com", RecordType.A, DnsStatus.NameError, 0.42),
            Step("source.com", RecordType.Mx, DnsStatus.TimedOut, 8000),
        ]));
        Assert.Equal(
            """
               12 ms  PTR  76.61.54.209.in-addr.arpa  mail.source.com
              0.4 ms  A    mail.source.com            no such name (NXDOMAIN)
               8.0 s  MX   source.com                 no answer in time

            """.ReplaceLineEndings("\n"), shown);
    }

    [Fact]
    public void A_name_too_long_for_its_column_has_a_line_of_its_own()
    {
        var shown = Shown(80, console => TrailView.Write(console,
        [
            Step(ReverseName.Of(System.Net.IPAddress.Parse("2001:db8::25")).ToString(), RecordType.Ptr, DnsStatus.NoData, 1),
            Step("mail.source.com", RecordType.Aaaa, DnsStatus.NoData, 1),
        ]));
        Assert.Equal(
            """
              1.0 ms  PTR  5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa
                                            no PTR record
              1.0 ms  AAAA mail.source.com  no AAAA record

            """.ReplaceLineEndings("\n"), shown);
    }

    [Fact]
    public void Findings_say_in_words_what_counted()
    {
        var shown = Shown(68, console => FindingsView.Write(console,
        [
            new("require-ptr", CheckMode.Enforce, Outcome.Continue("there is one")),
            new("require-fcrdns", CheckMode.Monitor, Outcome.Reject("rdns-mismatch", "PTR names mail.source.com, which leads elsewhere")),
            new("require-sender-domain", CheckMode.Enforce, Outcome.Defer("sender-temp", "the DNS did not answer")),
        ]));
        Assert.Equal(
            """
              pass      require-ptr            there is one
              (refuse)  require-fcrdns         PTR names mail.source.com, which
                                               leads elsewhere; monitored only
              defer     require-sender-domain  the DNS did not answer

            """.ReplaceLineEndings("\n"), shown);
    }

    [Fact]
    public void A_session_shows_the_proxy_that_named_its_client()
    {
        var session = Sessions.Empty(Sessions.Noon);
        Assert.DoesNotContain("peer", Shown(120, console => SessionView.Write(console, SessionDescription.Of(session))), StringComparison.Ordinal);
        session.Claimed("PROXY", new(System.Net.IPAddress.Parse("2001:db8::66"), 1025));
        var shown = Shown(120, console => SessionView.Write(console, SessionDescription.Of(session)));
        Assert.Contains("  client      2001:db8::66 port 1025", shown, StringComparison.Ordinal);
        Assert.Contains("  peer        192.0.2.20:40000, a trusted proxy that named the client with PROXY\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_that_was_not_confirmed_is_in_doubt_and_says_so_first()
    {
        var session = Sessions.Empty(Sessions.Noon).IsLeftInDoubt("example.org");
        var shown = Shown(120, console => SessionView.Write(console, SessionDescription.Of(session)));
        Assert.Contains("in doubt", shown, StringComparison.Ordinal);
        Assert.Contains("in doubt: because", shown.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 10, "")]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("one two three", 8, "one two|three")]
    [InlineData("abcdefghij", 4, "abcd|efgh|ij")]
    [InlineData("to abcdefghij", 4, "to|abcd|efgh|ij")]
    public void Sentences_are_broken_between_words(string text, int width, string expected) =>
        Assert.Equal(expected, string.Join('|', ExplainedLines.Wrapped(text, width)));

    private static TrailStep Step(string name, RecordType type, DnsStatus status, double milliseconds, params ResourceRecord[] records) =>
        new(new(new(DomainName.Parse(name), type), status, records, [], default), TimeSpan.FromMilliseconds(milliseconds));

    private static string Shown(int width, Action<IAnsiConsole> write)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        write(console);
        return text.ToString().ReplaceLineEndings("\n");
    }
}
