using Gateway.Lab.SmartHosts;

namespace Gateway.Lab.Tests.SmartHosts;

public sealed class SmartHostAnswerTests
{
    [Theory]
    [InlineData("down")]
    [InlineData("up")]
    [InlineData("AUTH ann secret")]
    [InlineData("CONNECT 554 5.7.1 Go away")]
    [InlineData("EHLO drop")]
    [InlineData("RCPT <bob@gateway.test> 550 5.1.1 No such user")]
    [InlineData("RCPT <bob> 50% delay 3s 451 4.3.0 Later")]
    [InlineData("RCPT <slow> delay 500ms")]
    [InlineData("DATA 1% silent")]
    [InlineData("BODY drop")]
    [InlineData("END 250 Taken, perhaps")]
    public void What_is_read_is_what_is_written(string text)
    {
        Assert.True(SmartHostAnswer.TryParse(text, out var answer, out _));
        Assert.Equal(text, answer.ToString());
        Assert.True(SmartHostAnswer.TryParse(text.ToLowerInvariant().Replace("auth", "Auth", StringComparison.Ordinal), out _));
    }

    [Theory]
    [InlineData("", "missing", "RCPT")]
    [InlineData("rctp 550 x", "\"rctp\"", "RCPT")]
    [InlineData("3 550 x", "\"3\"", "RCPT")]
    [InlineData("AUTH ann", "\"AUTH ann\"", "password")]
    [InlineData("mail <bob@x.example> 550 x", "<bob@x.example>", "no recipient")]
    [InlineData("rcpt 0% drop", "\"0%\"", "1% to 100%")]
    [InlineData("rcpt half% drop", "\"half%\"", "1% to 100%")]
    [InlineData("rcpt delay soon drop", "\"soon\"", "500ms")]
    [InlineData("rcpt delay 2h drop", "\"2h\"", "up to 1h")]
    [InlineData("rcpt delay", "missing", "500ms")]
    [InlineData("rcpt", "missing", "drop, silent")]
    [InlineData("rcpt drops", "\"drops\"", "drop, silent")]
    [InlineData("rcpt drop it", "\"drop\"", "drop, silent")]
    [InlineData("rcpt 999 x", "\"999\"", "200 to 599")]
    [InlineData("data 250 x", "\"250\"", "400 to 599")]
    [InlineData("rcpt 550 4.1.1 x", "4.1.1", "5.x.x")]
    [InlineData("body 550 x", "\"550\"", "nothing is answered")]
    public void A_mistake_names_the_word_and_what_may_stand_there(string text, string word, string allowed)
    {
        Assert.False(SmartHostAnswer.TryParse(text, out _, out var problem));
        Assert.Contains(word, problem, StringComparison.Ordinal);
        Assert.Contains(allowed, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_in_the_program_is_whole()
    {
        var script = SmartHostScript.Load();

        Assert.Contains(new SmartHostAnswer.Drops(SmartHostPoint.Rcpt, "dropped"), script.Answers);
        Assert.Contains(new SmartHostAnswer.Says(SmartHostPoint.Rcpt, "slow", null) { Delay = TimeSpan.FromSeconds(3) }, script.Answers);
    }

    [Fact]
    public void Mistakes_in_a_script_are_told_together_with_file_and_line()
    {
        var error = Assert.Throws<SmartHostScriptException>(() => SmartHostScript.Read("my.txt", "# fine\nrcpt 550 no\n\nrctp 550 x\r\nup\n"));

        Assert.Collection(error.Problems,
            problem => Assert.StartsWith("my.txt:4: \"rctp\" is not allowed: use ", problem, StringComparison.Ordinal),
            problem => Assert.StartsWith("my.txt:5: \"up\" is not allowed in a file", problem, StringComparison.Ordinal));
    }
}
