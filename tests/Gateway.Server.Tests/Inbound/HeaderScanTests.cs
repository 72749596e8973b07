using System.Text;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Server.Tests.Inbound;

public sealed class HeaderScanTests
{
    private const string Us = "mx.example.com";

    private static async Task<(HeaderScan Scan, string Kept)> ScanAsync(string message)
    {
        var octets = Encoding.Latin1.GetBytes(message);
        await using var content = MessageContent.FromBytes(octets);
        var scan = await HeaderScan.ReadAsync(content, Us, CancellationToken.None);
        var kept = new StringBuilder();
        var at = 0L;
        foreach (var range in scan.Forged.Append(new(octets.Length, octets.Length)))
        {
            kept.Append(message[(int)at..(int)range.Start]);
            at = range.End;
        }
        return (scan, kept.ToString());
    }

    [Theory]
    [InlineData("Authentication-Results: mx.example.com; iprev=pass\r\n", true, "ours")]
    [InlineData("authentication-results : MX.EXAMPLE.COM ; none\r\n", true, "neither case nor space before the colon hides it")]
    [InlineData("Authentication-Results: mx.example.com\r\n", true, "no result at all")]
    [InlineData("Authentication-Results:\r\n\tmx.example.com 1;\r\n\tiprev=pass\r\n", true, "folded, with a version (RFC 8601 §2.2)")]
    [InlineData("Authentication-Results: (a (nested\\) comment)) mx.example.com; x=pass\r\n", true, "a comment before the id")]
    [InlineData("Authentication-Results: \"mx.example.com\"; x=pass\r\n", true, "quoted")]
    [InlineData("Authentication-Results: \"mx\\.example\\.com\" ; x=pass\r\n", true, "quoted letter by letter")]
    [InlineData("Authentication-Results: mx.example.com.; x=pass\r\n", true, "absolute")]
    [InlineData("Authentication-Results: mx.example.co\r\n", false, "ours is longer")]
    [InlineData("Authentication-Results: other.example; iprev=pass\r\n", false, "somebody else's")]
    [InlineData("Authentication-Results: mx.example.com.evil.example; x=pass\r\n", false, "ours is only the beginning")]
    [InlineData("X-Authentication-Results: mx.example.com; x=pass\r\n", false, "another field")]
    public async Task A_field_that_claims_to_be_ours_is_found_whole(string field, bool isForged, string reason)
    {
        const string before = "Subject: one\r\n two\r\n", after = "To: <bob@example.com>\r\n\r\nAuthentication-Results: mx.example.com; in the body\r\n";
        var (_, kept) = await ScanAsync(before + field + after);
        Assert.Equal((before + (isForged ? "" : field) + after, reason), (kept, reason));
    }

    [Fact]
    public async Task Received_fields_are_counted_in_the_header_only()
    {
        var (scan, _) = await ScanAsync("Received: a\r\n\tReceived: folded\r\nRECEIVED: b\r\nX-Received: c\r\n\r\nReceived: body\r\n");
        Assert.Equal(2, scan.ReceivedFields);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\r\nbody\r\n", "no header")]
    [InlineData("Subject: x\r\n", "no body")]
    [InlineData("Subject", "half a line")]
    [InlineData("\r\n", "an empty line only")]
    public async Task Odd_messages_are_kept_as_they_are(string message, string reason)
    {
        var (scan, kept) = await ScanAsync(message);
        Assert.Equal((message, reason), (kept, reason));
        Assert.False(scan.IsTooLong);
    }

    [Fact]
    public async Task A_header_in_many_pieces_reads_as_one()
    {
        var header = string.Concat(Enumerable.Range(0, 500).Select(i => $"Received: from h{i}.example by x; {new string('y', 60)}\r\n"));
        await using var content = new Pieces(Encoding.ASCII.GetBytes(header + "\r\nReceived: body\r\n"), 7);
        var scan = await HeaderScan.ReadAsync(content, Us, CancellationToken.None);
        Assert.Equal(500, scan.ReceivedFields);
    }

    [Fact]
    public async Task A_header_without_end_is_too_long()
    {
        await using var content = new Pieces(Encoding.ASCII.GetBytes(new string('x', HeaderScan.MaxHeader + 10)), 1000);
        Assert.True((await HeaderScan.ReadAsync(content, Us, CancellationToken.None)).IsTooLong);
    }

    private sealed class Pieces(byte[] octets, int size) : MessageContent
    {
        public override long Length => octets.Length;

        public override bool HasEightBit => false;

        public override bool EndsWithNewline => octets.AsSpan().EndsWith("\r\n"u8);

        public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var at = 0; at < octets.Length; at += size)
            {
                await Task.Yield();
                yield return octets.AsMemory(at, Math.Min(size, octets.Length - at));
            }
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
