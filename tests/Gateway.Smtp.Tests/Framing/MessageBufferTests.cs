using System.Text;

namespace Gateway.Smtp.Tests.Framing;

public class MessageBufferTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Content in memory.</summary>
    internal static string Text(MessageContent content)
    {
        var reading = TextAsync(content);
        Assert.True(reading.IsCompleted, "content in memory is read without waiting");
        return reading.GetAwaiter().GetResult();
    }

    [Fact]
    public void A_small_message_stays_in_memory()
    {
        var store = new MessageStore(_folder);
        var buffer = new MessageBuffer(store, 1000);
        buffer.Append("Subject: x\r\n"u8);
        buffer.Append("\r\n"u8);
        Assert.Equal("Subject: x\r\n\r\n", Text(buffer));
        Assert.Equal((14, false, true, false), (buffer.Length, buffer.HasEightBit, buffer.EndsWithNewline, buffer.IsInFile));
        Assert.Equal(4096, store.InMemory);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    [InlineData(262_144)]
    public async Task A_large_message_goes_to_a_file_that_has_no_name(int length)
    {
        var store = new MessageStore(_folder, memoryPerMessage: 50_000);
        var buffer = new MessageBuffer(store, long.MaxValue);
        var octets = Enumerable.Range(0, length).Select(i => (byte)(i * 31 % 127)).ToArray();
        await FillAsync(buffer, octets);
        Assert.True(buffer.IsInFile);
        Assert.Equal(0, store.InMemory);
        Assert.Equal(length, buffer.Length);
        Assert.Equal(Encoding.Latin1.GetString(octets), await TextAsync(buffer));
        Assert.Equal(Encoding.Latin1.GetString(octets), await TextAsync(buffer));
        if (!OperatingSystem.IsWindows())
            Assert.Empty(Directory.GetFiles(_folder));
        await buffer.DisposeAsync();
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task All_messages_together_have_a_budget()
    {
        var store = new MessageStore(_folder, memoryInAll: 10_000);
        var first = new MessageBuffer(store, long.MaxValue);
        var second = new MessageBuffer(store, long.MaxValue);
        await FillAsync(first, new byte[8192]);
        await FillAsync(second, new byte[8192]);
        Assert.False(first.IsInFile);
        Assert.True(second.IsInFile);
        await first.DisposeAsync();
        var third = new MessageBuffer(store, long.MaxValue);
        await FillAsync(third, new byte[8192]);
        Assert.False(third.IsInFile);
        await third.DisposeAsync();
        await second.DisposeAsync();
        Assert.Equal(0, store.InMemory);
    }

    [Fact]
    public async Task What_messages_of_before_hold_counts_when_the_bounds_are_others()
    {
        var before = new MessageStore(_folder);
        await using var first = new MessageBuffer(before, long.MaxValue);
        await FillAsync(first, new byte[8192]);
        await using var second = new MessageBuffer(before.With(_folder, 1 << 20, memoryInAll: 10_000), long.MaxValue);
        await FillAsync(second, new byte[8192]);
        Assert.True(second.IsInFile);
    }

    [Fact]
    public async Task What_is_too_large_is_counted_and_not_kept()
    {
        var store = new MessageStore(_folder);
        var buffer = new MessageBuffer(store, 1000);
        buffer.Append(new byte[1000]);
        Assert.False(buffer.IsTooLarge);
        buffer.Append(new byte[1]);
        Assert.True(buffer.IsTooLarge);
        Assert.Equal(0, store.InMemory);
        await FillAsync(buffer, new byte[100_000]);
        Assert.Equal(101_001, buffer.Length);
        Assert.Equal(0, store.InMemory);
    }

    [Fact]
    public async Task A_disk_error_is_a_value()
    {
        var store = new MessageStore(Path.Combine(_folder, "missing"), memoryPerMessage: 0);
        var buffer = new MessageBuffer(store, long.MaxValue);
        await FillAsync(buffer, new byte[200_000]);
        Assert.IsType<DirectoryNotFoundException>(buffer.Failure);
        Assert.Equal(200_000, buffer.Length);
    }

    [Theory]
    [InlineData("", true, false)]
    [InlineData("a", false, false)]
    [InlineData("\n", false, false)]
    [InlineData("a\r\n", true, false)]
    [InlineData("\u00e9\r\n", true, true)]
    public void Content_says_what_a_relay_must_know(string text, bool endsWithNewline, bool hasEightBit)
    {
        var octets = Encoding.Latin1.GetBytes(text);
        var buffer = new MessageBuffer(MessageStore.Default, 100);
        foreach (var octet in octets)
            buffer.Append([octet]);
        foreach (var content in new[] { buffer, MessageContent.FromBytes(octets) })
        {
            Assert.Equal((endsWithNewline, hasEightBit, text.Length), (content.EndsWithNewline, content.HasEightBit, content.Length));
            Assert.Equal(text, Text(content));
        }
    }

    [Fact]
    public async Task Content_that_was_disposed_is_not_read()
    {
        var buffer = new MessageBuffer(MessageStore.Default, 100);
        buffer.Append("a"u8);
        await buffer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => TextAsync(buffer));
    }

    private static async Task FillAsync(MessageBuffer buffer, byte[] octets)
    {
        for (var at = 0; at < octets.Length; at += 4096)
        {
            buffer.Append(octets.AsSpan(at, Math.Min(4096, octets.Length - at)));
            if (buffer.WantsFlush)
                await buffer.FlushAsync(default);
        }
        await buffer.CompleteAsync(default);
    }

    private static async Task<string> TextAsync(MessageContent content)
    {
        var text = new StringBuilder();
        await foreach (var piece in content.ReadAsync(default))
            text.Append(Encoding.Latin1.GetString(piece.Span));
        return text.ToString();
    }
}
