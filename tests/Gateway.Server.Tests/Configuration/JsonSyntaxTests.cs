using System.Text;
using Gateway.Server.Configuration;
using Gateway.Tests;

namespace Gateway.Server.Tests.Configuration;

public sealed class JsonSyntaxTests
{
    [Theory]
    [InlineData("{ \"A\": 1\n  \"B\": 2 }", 1, "a comma is missing at the end of this line, before \"B\"", "the comma belongs to the line before")]
    [InlineData("{ \"A\": [ 1\n  2 ] }", 1, "a comma is missing at the end of this line, before 2", "in a list")]
    [InlineData("{\n \"A\": tru\n}", 2, "tru was found where a value is expected: write text in double quotes", "half a word")]
    [InlineData("{\n \"A\": mx.example.com\n}", 2, "mx.example.com was found where a value is expected", "no quotes")]
    [InlineData("{\n \"A\": 'x'\n}", 2, "'x' was found where a value is expected", "the other quotes")]
    [InlineData("{\n \"A\": , \"B\": 1\n}", 2, "\",\" was found where a value is expected", "no value at all")]
    [InlineData("{\n \"A\": [ 1,, 2 ]\n}", 2, "\",\" was found where a value is expected", "no item between two commas")]
    [InlineData("{\n \"A\": 1,,\n}", 2, "\",\" was found where a key in double quotes is expected", "a comma twice")]
    [InlineData("{\n A: 1\n}", 2, "A was found where a key in double quotes is expected", "a key without quotes")]
    [InlineData("{\n \"A\" 1\n}", 2, "a colon is missing after \"A\"", "no colon")]
    [InlineData("{\n \"A\": \"x\n}", 2, "the text \"x has no closing quote on its line", "an open text")]
    [InlineData("{\n \"A\": \"C:\\mail\"\n}", 2, "write a backslash as \\\\", "a Windows path")]
    [InlineData("{\n \"A\n}", 2, "the key \"A has no closing quote on its line", "an open key")]
    [InlineData("{\n \"A\": {\n \"B\": 1\n", 2, "the \"{\" on this line is never closed: add the missing \"}\"", "the inner one is told")]
    [InlineData("{\n \"A\": [ 1\n}", 3, "\"}\" was found where \"]\" is expected, because the \"[\" on line 2 is not closed yet", "crossed")]
    [InlineData("{\n \"A\": 1 }\n}", 3, "the configuration ends with its last \"}\", but \"}\" follows: remove it", "one too many")]
    [InlineData("{\n \"A\": 1,\n \"a\": 2 }", 3, "the key \"a\" appears here for the second time", "keys have no case")]
    [InlineData("[ 1 ]", 1, "a configuration is a JSON object", "a list")]
    [InlineData("Listeners = 1", 1, "a configuration is a JSON object", "no JSON")]
    [InlineData("", 1, "the file is empty", "nothing")]
    [InlineData("// only this\n", 2, "the file is empty", "a comment is nothing")]
    [InlineData("{\n \"A\":\n", 1, "the \"{\" on this line is never closed: add the missing \"}\"", "half a pair")]
    [InlineData("{ , \"A\": 1 }", 1, "a comma was found before the first key: remove it", "a comma too many")]
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
