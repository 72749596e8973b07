using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Explaining;
using Gateway.Lab.Screens;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Gateway.Smtp;
using Spectre.Console;

namespace Gateway.Tests.Running;

/// <summary>Characters that are not seen turn the direction of others, hide them or break lines: none reaches a reader raw.</summary>
public sealed class HiddenCharactersTests
{
    // Overrides and isolates of the direction, zero width, soft hyphen, separators, a tag beyond the first plane, C1.
    private static readonly string[] Hidden = ["\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\u2028", "\u2029", "\U000e0041", "\u0085", "\u061c", "\u034f", "\u115f", "\u3164", "\ufe0f", "\u2800", "\u00a0", "\u2003", "\u0378", "\ue000"];

    public static TheoryData<string> Each => [.. Hidden];

    [Theory]
    [MemberData(nameof(Each))]
    public void A_recipient_with_hidden_characters_stays_out_of_received(string hidden)
    {
        Assert.DoesNotContain("\r\n\tfor ", Trace($"bob{hidden}moc"), StringComparison.Ordinal);
        Assert.Contains("\r\n\tfor <josé@gateway.test>", Trace("josé"), StringComparison.Ordinal);
        Assert.Contains("\r\n\tfor <用户\U0001f600@gateway.test>", Trace("用户\U0001f600"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void Hidden_characters_are_told_from_letters_of_any_script(string hidden)
    {
        Assert.Equal($"é{string.Concat(hidden.Select(letter => $"\\u{(int)letter:x4}"))}用\U0001f600", SafeText.Visible($"é{hidden}用\U0001f600"));
        Assert.False(SafeText.IsVisible($"a{hidden}"));
        Assert.True(SafeText.IsVisible("josé 用户 \U0001f600"));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_hidden() => Assert.Equal("a\\ud800b\\udc00", SafeText.Visible("a\ud800b\udc00"));

    [Fact]
    public void Json_says_the_same_when_hidden_characters_are_escaped()
    {
        var evil = string.Concat(Hidden);
        using var output = new StringWriter();

        JsonLine.Write(output, new { Name = evil });

        AssertSeen(output.ToString());
        using var json = System.Text.Json.JsonDocument.Parse(output.ToString());
        Assert.Equal(evil, json.RootElement.GetProperty("name").GetString());
    }

    [Fact]
    public void No_view_of_a_session_shows_them_raw()
    {
        var evil = $"bob{string.Concat(Hidden)}moc.knab";
        var session = Session(evil);
        var document = SessionDescription.Of(session);
        using var lines = new StringWriter();
        JsonLine.Write(lines, document);
        using var lab = new StringWriter();
        new LabScreen(Console(lab)).Session(session);
        using var explained = new StringWriter();
        SessionView.Write(Console(explained), document);

        AssertSeen(Encoding.UTF8.GetString(SessionDescription.Encode(document)));
        AssertSeen(JournalJson.Indented(document));
        AssertSeen(lines.ToString());
        AssertSeen(lab.ToString());
        AssertSeen(explained.ToString());
        AssertSeen(string.Concat(session.Refusals.Select(refusal => Encoding.UTF8.GetString(refusal.Reply.Wire.Span))));
        AssertSeen(Trace(evil));
    }

    private static SessionRecord Session(string evil)
    {
        var client = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 4711);
        var session = new SessionStory("01J0000000000", DateTimeOffset.UnixEpoch, client, null, "standard") { User = evil, Helo = new(evil, IsExtended: true) };
        session.LoginFailed(evil);
        session.Begin(new(new(evil, "example.org")), TimeSpan.Zero);
        session.Asked(new(new(evil, "elsewhere.example")));
        session.Refused(Verb.Rcpt, new(550, 7, 1, $"Unable to relay for {evil}@elsewhere.example"));
        session.Asked(new(new(evil, "gateway.test")));
        session.Accepted(Verb.Rcpt);
        var envelope = new Envelope(new(new(evil, "example.org")), [new(new(evil, "gateway.test"))], default);
        session.Message(envelope, 1, new(new(250, 0, 0, $"OK {evil}"), null, 1, false, TimeSpan.Zero, evil));
        return session;
    }

    private static string Trace(string localPart) => Encoding.UTF8.GetString(new TraceFields(
        "mx.gateway.test", IPAddress.Loopback, null, localPart, "ESMTP", null, "0ABC.1", new ForwardPath(new(localPart, "gateway.test")), DateTimeOffset.UnixEpoch).Encode());

    private static IAnsiConsole Console(TextWriter output)
    {
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        return console;
    }

    private static void AssertSeen(string text)
    {
        Assert.NotEmpty(text);
        Assert.DoesNotContain(text.EnumerateRunes(), static rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || (Rune.IsControl(rune) && rune.Value is not ('\r' or '\n' or '\t')));
    }
}
