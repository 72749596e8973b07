using Gateway.Tests;
using System.Text;
using Gateway.Server.Configuration;

namespace Gateway.Server.Tests.Configuration;

public sealed class JsonSyntaxTests
{
    [Theory]
    [InlineData("{ \"A\": 1\n  \"B\": 2 }", 1, "a comma is missing at the end, before \"B\"", "the comma belongs to the line before")]
    [InlineData("{ \"A\": [ 1\n  2 ] }", 1, "a comma is missing at the end, before 2", "in a list")]
    [InlineData("{\n \"A\": tru\n}", 2, "tru is no value: text stands in double quotes", "half a word")]
    [InlineData("{\n \"A\": mx.example.com\n}", 2, "mx.example.com is no value", "no quotes")]
    [InlineData("{\n \"A\": 'x'\n}", 2, "'x' is no value", "the other quotes")]
    [InlineData("{\n A: 1\n}", 2, "a key in double quotes must stand here, not A", "a key without quotes")]
    [InlineData("{\n \"A\" 1\n}", 2, "a colon is missing behind \"A\"", "no colon")]
    [InlineData("{\n \"A\": \"x\n}", 2, "the text \"x has no closing quote in its line", "an open text")]
    [InlineData("{\n \"A\": \"C:\\mail\"\n}", 2, "a backslash is written \\\\", "a Windows path")]
    [InlineData("{\n \"A\n}", 2, "the key \"A has no closing quote in its line", "an open key")]
    [InlineData("{\n \"A\": {\n \"B\": 1\n", 2, "the { of this line has no }", "the inner one is told")]
    [InlineData("{\n \"A\": [ 1\n}", 3, "} stands where ] should: the [ of line 2 is still open", "crossed")]
    [InlineData("{\n \"A\": 1 }\n}", 3, "nothing may stand behind the last }, but } does", "one too many")]
    [InlineData("{\n \"A\": 1,\n \"a\": 2 }", 3, "the key \"a\" stands here for the second time", "keys have no case")]
    [InlineData("[ 1 ]", 1, "the configuration is an object", "a list")]
    [InlineData("Listeners = 1", 1, "the configuration is an object", "no JSON")]
    [InlineData("", 1, "the file is empty", "nothing")]
    [InlineData("// only this\n", 2, "the file is empty", "a comment is nothing")]
    [InlineData("{\n \"A\":\n", 1, "the { of this line has no }", "half a pair")]
    [InlineData("{ , \"A\": 1 }", 1, "nothing stands before this comma", "a comma too many")]
    public void A_mistake_is_told_in_words_with_the_line_in_which_it_is(string json, int line, string expected, string reason)
    {
        var mistake = JsonSyntax.FirstMistake(Encoding.UTF8.GetBytes(json));
        Assert.True(mistake is not null, reason);
        Assert.Contains(expected, mistake.Value.Problem, StringComparison.Ordinal);
        Assert.Equal(line, mistake.Value.Line);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\uFEFF{ \"A\": [ 1, ], /* so */ \"B\": null, } // and so")]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_no_mistakes(string json) =>
        Assert.Null(JsonSyntax.FirstMistake(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_file_that_is_cut_off_or_damaged_anywhere_is_a_mistake_or_still_JSON_and_nothing_is_thrown()
    {
        var whole = File.ReadAllBytes(Path.Combine(Repository.Root, "config", "gateway.json"));
        Assert.Null(JsonSyntax.FirstMistake(whole));
        for (var at = 0; at < whole.Length; at++)
        {
            _ = JsonSyntax.FirstMistake(whole[..at]);
            foreach (var octet in "\"{}[],:x\\\n/\xFF"u8)
                _ = JsonSyntax.FirstMistake([.. whole[..at], octet, .. whole[(at + 1)..]]);
        }
    }
}
