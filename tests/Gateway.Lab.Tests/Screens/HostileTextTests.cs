using Gateway.Lab.Conversations;
using Gateway.Lab.Scenarios;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Inbound;
using Gateway.Tests;

namespace Gateway.Lab.Tests.Screens;

/// <summary>Scripts that are nearly right: they are read, or refused in words; nothing else is thrown.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Answers =
    [
        "down", "up", "AUTH ann secret", "CONNECT 554 5.7.1 Go away", "RCPT <bob@gateway.test> 550 5.1.1 No such user", "RCPT <bob> 50% delay 3s 451 4.3.0 Later",
        "RCPT <slow> delay 500ms", "DATA 1% silent", "BODY drop", "END 250 Taken, perhaps", "EHLO 250 2.0.0",
    ];

    private const string Conversation = """
        # All of it
        # and more
        @client 192.0.2.20
        @zone lab.test
        @profile strict
        @config Limits:UnknownRecipients = 2
        @smarthost unix serves contoso.net .contoso.net
        @smarthost RCPT <bob> 50% delay 3s 451 4.3.0 Later
        @fault 76.61.54.209.in-addr.arpa PTR delay 2s nxdomain
        S: 220 …ESMTP…
        C: EHLO client.example
        S* 250-…
        S: 250 …
        C> \x00\r\n\t\\\{a\r\n*100}
        @advance 00:05:00
        @tls
        @at unix
        @relayed 1
        @envelope <ann@good.lab.test> <bob@gateway.test>
        @message Subject: …
        @absent X-…
        @journal client: 192.0.2.20
        @advice none
        @unadvised …PTR…
        @verdict reject require-ptr
        @closed
        @fault 76.61.54.209.in-addr.arpa none
        @connect
        S: 554 …
        @close

        """;

    private const string Scenario = """
        # The title

        What it is about.

        ## 3. A row

        The situation.

        - somebody: the one

        Seen: This.

        Play: row-03-a.smtp
        Likewise: row-03-c.smtp
        Check: 192.0.2.1 ann@a.example, 1.2.0.192.in-addr.arpa nxdomain

        Administrator: Nothing.

        Cure: None.

        """;

    [Fact]
    public void An_answer_is_read_as_it_is_written_or_the_mistake_is_said()
    {
        var chance = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var text = Mutation.Of(Answers[round % Answers.Length], chance);
            if (!SmartHostAnswer.TryParse(text, out var answer, out var problem))
                Assert.NotEmpty(problem);
            else
                Assert.True(SmartHostAnswer.TryParse(answer.ToString(), out var again, out problem) && again.ToString() == answer.ToString(), $"{text} -> {answer}: {problem}");
        }
    }

    [Fact]
    public void A_script_of_answers_is_read_or_its_mistakes_are_said() =>
        Read<SmartHostScriptException>(string.Join('\n', ["# a comment", "", .. Answers.Where(static answer => answer != "up")]), 5_000,
            static text => SmartHostScript.Read("script", text), static refused => refused.Problems);

    [Fact]
    public void A_conversation_is_read_or_its_mistakes_are_said() =>
        Read<ConversationFormatException>(Conversation, 5_000, static text => ConversationReader.Read("x.smtp", text), static refused => refused.Problems);

    [Fact]
    public void A_scenario_is_read_or_its_mistakes_are_said() =>
        Read<ConversationFormatException>(Scenario, 5_000, static text => ScenarioReader.Read("scenario.md", text), static refused => refused.Problems);

    [Fact]
    public void A_line_that_would_not_fit_into_memory_is_a_mistake() =>
        Assert.Throws<FormatException>(static () => Escapes.Decode($@"\{{{new string('x', 4000)}*1048576}}"));

    /// <summary>Both must happen: what is always refused, or never, tests half of the reader.</summary>
    private static void Read<TRefused>(string seed, int rounds, Action<string> read, Func<TRefused, IReadOnlyList<string>> problems)
        where TRefused : Exception
    {
        read(seed);
        var chance = new Random(1);
        var (taken, refused) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            try
            {
                read(Mutation.Of(seed, chance));
                taken++;
            }
            catch (TRefused mistakes)
            {
                Assert.NotEmpty(problems(mistakes));
                refused++;
            }
        }
        Assert.True(taken > 0 && refused > 0, $"{taken} taken, {refused} refused");
    }
}
