using System.Net;
using Gateway.Dns;
using Gateway.Lab.Conversations;
using Gateway.Lab.Scenarios;

namespace Gateway.Lab.Tests.Scenarios;

public sealed class ScenarioReaderTests
{
    private const string Row = """
        ## 3. A row

        The situation
        in two lines.

        - somebody: the one
        - nobody: the other

        Seen: This.

        Play: row-03-a.smtp
        Play: row-03-b.smtp
        Likewise: row-03-c.smtp
        Check: 192.0.2.1 ann@a.example, 1.2.0.192.in-addr.arpa nxdomain
        Exchange: row-03-a.smtp
        Exchange: row-03-b.smtp, ann@a.example to bob@b.example

        Administrator: Nothing.

        Cure: None.

        """;

    private static FaultChange Gone => FaultChange.TryParse("1.2.0.192.in-addr.arpa nxdomain", out var gone) ? gone : throw new FormatException();

    [Fact]
    public void A_script_is_title_introduction_and_rows()
    {
        var scenario = ScenarioReader.Read("s.md", "# Title\n\nOne.\n\nTwo.\n\n" + Row);

        Assert.Equal("Title", scenario.Title);
        Assert.Equal(["One.", "Two."], scenario.Introduction);
        var row = Assert.Single(scenario.Rows);
        Assert.Equal((3, "A row"), (row.Number, row.Title));
        Assert.Equal(
            [
                new ScenarioItem.Tell(ScenarioTopic.Situation, "The situation in two lines."),
                new ScenarioItem.Tell(ScenarioTopic.Who, "somebody: the one"),
                new ScenarioItem.Tell(ScenarioTopic.Who, "nobody: the other"),
                new ScenarioItem.Tell(ScenarioTopic.Seen, "This."),
                new ScenarioItem.Play("row-03-a.smtp"),
                new ScenarioItem.Play("row-03-b.smtp"),
                new ScenarioItem.Play("row-03-c.smtp", IsBrief: true),
                new ScenarioItem.Check(IPAddress.Parse("192.0.2.1"), new(new("ann", "a.example")), Gone),
                new ScenarioItem.Exchange("row-03-a.smtp"),
                new ScenarioItem.Exchange("row-03-b.smtp", "ann@a.example", "bob@b.example"),
                new ScenarioItem.Tell(ScenarioTopic.Administrator, "Nothing."),
                new ScenarioItem.Tell(ScenarioTopic.Cure, "None."),
            ],
            row.Items);
    }

    [Theory]
    [InlineData("Play: row-03-b.smtp", "Play: row-03-a.smtp", "row-03-a.smtp is played twice")]
    [InlineData("Play: row-03-b.smtp", "Play: ../b.smtp", "s.md:14: \"../b.smtp\" is not the name of a conversation file in this folder")]
    [InlineData("Check: 192.0.2.1 ann@a.example, ", "Check: 192.0.2.1, ", "s.md:16: \"192.0.2.1, 1.2.0.192.in-addr.arpa nxdomain\" is not understood: write \"Check: ADDRESS MAILBOX[, FAULT]\"")]
    [InlineData("Likewise: row-03-c.smtp", "Likewise: row-03-c", "s.md:15: \"row-03-c\" is not the name of a conversation file in this folder")]
    [InlineData("Exchange: row-03-a.smtp", "Exchange: row-03-d.smtp", "s.md:17: \"row-03-d.smtp\" was not played before in this row")]
    [InlineData("ann@a.example to bob@b.example", "ann to bob", "s.md:18: \"row-03-b.smtp, ann to bob\" is not understood: write \"Exchange: NAME.smtp[, MAILBOX to MAILBOX]\"")]
    [InlineData("Administrator: Nothing.", "", "s.md:3: row 3 has no \"Administrator\"")]
    [InlineData("Cure: None.", "", "s.md:3: row 3 has no \"Cure\"")]
    [InlineData("Seen: This.", "", "s.md:3: row 3 has no \"Seen\"")]
    [InlineData("## 3. A row", "## A row", "s.md:3: \"## A row\" is neither the title nor")]
    [InlineData("## 3. A row", "", "a conversation is played before the first row")]
    [InlineData("Cure: None.", "Cure: None.\n\n### More", "\"### More\" is neither the title nor")]
    public void A_mistake_is_told_with_its_line(string from, string to, string problem)
    {
        var text = "# Title\n\n" + Row.ReplaceLineEndings("\n").Replace(from, to, StringComparison.Ordinal);

        var thrown = Assert.Throws<ConversationFormatException>(() => ScenarioReader.Read("s.md", text));

        Assert.Contains(thrown.Problems, told => told.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var thrown = Assert.Throws<ConversationFormatException>(() => ScenarioReader.Read("s.md", "No title\n\n" + Row + "\n" + Row));

        Assert.Contains(thrown.Problems, told => told.Contains("s.md:1: the first line must be", StringComparison.Ordinal));
        Assert.Contains(thrown.Problems, told => told.Contains("row 3 appears twice", StringComparison.Ordinal));
    }
}
