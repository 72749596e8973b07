using System.Text;

namespace Gateway.Smtp.Tests.Client;

/// <summary>Content from octets, in pieces of a given size.</summary>
internal sealed class PiecedContent(byte[] octets, int piece = int.MaxValue) : MessageContent
{
    public override long Length => octets.Length;

    public override bool HasEightBit => octets.AsSpan().ContainsAnyInRange((byte)128, (byte)255);

    public override bool EndsWithNewline => octets.Length == 0 || octets.AsSpan().EndsWith("\r\n"u8);

    /// <summary>Thrown before the second piece, as a failing disk would.</summary>
    public Exception? Failure { get; init; }

    public override async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var at = 0; at < octets.Length;)
        {
            if (at > 0 && Failure is not null)
                throw Failure;
            cancellationToken.ThrowIfCancellationRequested();
            var length = Math.Min(piece, octets.Length - at);
            yield return octets.AsMemory(at, length);
            at += length;
            await Task.CompletedTask;
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal static class Samples
{
    public const string Text = "Subject: hello\r\n\r\nBody\r\n";

    public static SmtpClientOptions Options { get; } = new() { HeloName = "gateway.test", Tls = TlsUse.None };

    public static ReversePath Sender { get; } = new(new Mailbox("ann", "example.org"));

    public static ForwardPath To(string localPart, string domain = "gateway.test") => new(new Mailbox(localPart, domain));

    public static Envelope EnvelopeTo(params string[] localParts) => new(Sender, [.. localParts.Select(name => To(name))], default);

    public static OutgoingMessage Message(string content = Text, string prefix = "", int piece = int.MaxValue) =>
        new(Encoding.Latin1.GetBytes(prefix), new PiecedContent(Encoding.Latin1.GetBytes(content), piece), []);

    public static string TextOf(int length)
    {
        var text = new StringBuilder("Subject: long\r\n\r\n");
        while (text.Length < length - 2)
            text.Append('x', Math.Min(76, length - 2 - text.Length)).Append("\r\n");
        return text.ToString()[..(length - 2)] + "\r\n";
    }

    public static async Task<SmtpClient> ConnectAsync(Stream stream, SmtpClientOptions? options = null, TimeProvider? time = null)
    {
        var result = await SmtpClient.ConnectAsync(stream, options ?? Options, time ?? TimeProvider.System, TestContext.Current.CancellationToken);
        return Assert.IsType<ConnectResult.Connected>(result).Client;
    }

    public static Task<SendResult> SendAsync(this SmtpClient client, params string[] localParts) =>
        client.SendAsync(EnvelopeTo(localParts), Message(), TestContext.Current.CancellationToken);
}
