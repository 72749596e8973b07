using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Smtp.Tests.Client;

public class OutgoingMessageTests
{
    [Fact]
    public async Task The_prefix_comes_first_and_what_is_left_out_is_not_there()
    {
        var message = new OutgoingMessage("P\r\n"u8.ToArray(), new PiecedContent("0123456789"u8.ToArray(), 3), [new(0, 2), new(4, 4), new(5, 8)]);

        Assert.Equal("P\r\n23489", await TextOfAsync(message));
        Assert.Equal(8, message.Length);
    }

    [Fact]
    public void Any_ranges_and_any_pieces_give_the_octets_outside_the_ranges()
    {
        var borders = Gen.Choose(0, 20).ArrayOf(6).Select(cuts => cuts.Order().ToArray());
        var cases = borders.SelectMany(_ => Gen.Choose(1, 21), (cuts, piece) => (cuts, piece));
        Prop.ForAll(cases.ToArbitrary(), async sample =>
        {
            const string Content = "abcdefghijklmnopqrst";
            var ranges = sample.cuts.Chunk(2).Select(pair => new ContentRange(pair[0], pair[1])).ToArray();
            var message = new OutgoingMessage(default, new PiecedContent(Encoding.ASCII.GetBytes(Content), sample.piece), ranges);
            var expected = string.Concat(Content.Where((_, i) => !ranges.Any(range => i >= range.Start && i < range.End)));
            Assert.Equal(expected, await TextOfAsync(message));
            Assert.Equal(expected.Length, message.Length);
        }).QuickCheckThrowOnFailure();
    }

    private static async Task<string> TextOfAsync(OutgoingMessage message)
    {
        var text = new StringBuilder();
        await foreach (var piece in message.ReadAsync(TestContext.Current.CancellationToken))
            text.Append(Encoding.Latin1.GetString(piece.Span));
        return text.ToString();
    }
}
