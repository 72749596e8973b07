using System.Text;
using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Policy.Tests;

public sealed class DialogueTests
{
    private static readonly ReplyContext Context = Scene.Context with { Started = new(2006, 1, 20, 22, 15, 42, TimeSpan.FromHours(-5)) };

    [Fact]
    public void A_profile_may_say_the_date_in_its_greeting()
    {
        var engine = Scene.Engine(Scene.Profile("""{ "summary": "s", "greeting": "{host} ready; {date}", "checks": {} }"""));

        Assert.Equal("220 mx.gateway.test ready; Fri, 20 Jan 2006 22:15:42 -0500", engine.Welcome(Scene.Facts("192.0.2.1"), Context)!.ToString());
    }

    [Fact]
    public void The_date_is_unknown_where_there_is_no_session()
    {
        var engine = Scene.Engine(Scene.Profile("""{ "summary": "s", "greeting": "{date}", "checks": {} }"""));

        Assert.Equal("220 unknown", engine.Welcome(Scene.Facts("192.0.2.1"), Scene.Context)!.ToString());
    }

    [Theory]
    [InlineData("helo", "{host} Hello {helo} [{ip}]", DialogueStep.Helo, "250 mx.gateway.test Hello client.example [192.0.2.1]")]
    [InlineData("ehlo", "{host}", DialogueStep.Ehlo, "250 mx.gateway.test")]
    [InlineData("starttls", "2.0.0 Ready", DialogueStep.StartTls, "220 2.0.0 Ready")]
    [InlineData("mail", "2.1.0 <{sender}>... Sender ok", DialogueStep.Mail, "250 2.1.0 <ann@example.org>... Sender ok")]
    [InlineData("rcpt", "2.1.5 <{recipient}>... Recipient ok", DialogueStep.Rcpt, "250 2.1.5 <bob@gateway.test>... Recipient ok")]
    [InlineData("data", "Go ahead", DialogueStep.Data, "354 Go ahead")]
    [InlineData("message", "2.0.0 Ok: queued as {session}", DialogueStep.Message, "250 2.0.0 Ok: queued as S1")]
    [InlineData("rset", "2.0.0 Ok", DialogueStep.Rset, "250 2.0.0 Ok")]
    [InlineData("noop", "2.0.0 Ok", DialogueStep.Noop, "250 2.0.0 Ok")]
    [InlineData("vrfy", "2.5.2 Cannot VRFY", DialogueStep.Vrfy, "252 2.5.2 Cannot VRFY")]
    [InlineData("help", "2.0.0 Ask", DialogueStep.Help, "214 2.0.0 Ask")]
    [InlineData("quit", "2.0.0 Bye", DialogueStep.Quit, "221 2.0.0 Bye")]
    public void A_profile_words_what_a_client_hears_that_is_not_refused(string key, string text, DialogueStep step, string expected)
    {
        var engine = Scene.Engine(Scene.Profile($$"""{ "summary": "s", "dialogue": { "{{key}}": "{{text}}" }, "checks": {} }"""));

        Assert.Equal(expected, engine.Words(step, Scene.Facts("192.0.2.1").Said(), Context)!.ToString());
        Assert.All(Enum.GetValues<DialogueStep>().Where(other => other != step), other => Assert.Null(engine.Words(other, Scene.Facts("192.0.2.1"), Context)));
    }

    [Fact]
    public void Words_without_placeholders_are_made_once()
    {
        var engine = Scene.Engine(Scene.Profile("""{ "summary": "s", "dialogue": { "noop": "2.0.0 Ok", "quit": "2.0.0 {host}" }, "checks": {} }"""));

        Reply Say(DialogueStep step) => engine.Words(step, Scene.Facts("192.0.2.1"), Context)!;

        Assert.Same(Say(DialogueStep.Noop), Say(DialogueStep.Noop));
        Assert.NotSame(Say(DialogueStep.Quit), Say(DialogueStep.Quit));
    }

    [Fact]
    public void EHLO_announces_what_the_profile_says_in_its_order()
    {
        var dialogue = Scene.Profile("""{ "summary": "s", "dialogue": { "ehlo": ["{host}", "8BITMIME", "SIZE"], "mail": "Ok" }, "checks": {} }""").Dialogue!;

        Assert.Equal(["8BITMIME", "SIZE"], dialogue.Extensions);
        Assert.Null(Scene.Profile("""{ "summary": "s", "dialogue": { "ehlo": ["{host}"], "noop": "2.0.0 Ok" }, "checks": {} }""").Dialogue!.Extensions);
    }

    [Fact]
    public async Task A_reply_that_wraps_breaks_at_spaces_and_leaves_lines_that_begin_with_one_whole()
    {
        var engine = Scene.Engine(Scene.Alone("require-ptr", more: """
            , "reply": { "status": "5.7.25", "wrap": 40, "text": ["[{ip}] The IP address has no PTR record", " https://example.com/a?long=line of its own {session}"] }
            """));

        var verdict = await engine.JudgeAsync(Stage.Recipient, Scene.Facts("192.0.2.1"));

        Assert.Equal(
            "550-5.7.25 [192.0.2.1] The IP address\r\n550-5.7.25 has no PTR record\r\n"
            + "550 5.7.25  https://example.com/a?long=line of its own S1\r\n",
            Encoding.ASCII.GetString(verdict.Reply!.Wire.Span));
    }
}
