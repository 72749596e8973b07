using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Lab.SmartHosts;

/// <summary>
/// The folder of captured messages. Each message is an <c>.eml</c> file with every octet as it arrived, and a <c>.json</c> file with its envelope.
/// A file name consists of a time and a number, and of nothing that a sender wrote.
/// </summary>
public sealed class CaptureFolder
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="IOException">The folder cannot be created.</exception>
    public CaptureFolder(string path)
    {
        try
        {
            Path = Directory.CreateDirectory(path).FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // For a file with the name of the folder, the system only says "already exists" or "not found".
            throw new IOException($"the folder {path} for captured messages cannot be created: {error.Message}", error);
        }
    }

    public string Path { get; }

    /// <returns>The file's name.</returns>
    internal async Task<string> WriteAsync(int number, Envelope envelope, MessageContent content, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{time:yyyyMMdd-HHmmss}-{number:D4}");
        var path = System.IO.Path.Combine(Path, name + ".eml");
        await using (var file = File.Create(path))
            await foreach (var piece in content.ReadAsync(cancellationToken))
                await file.WriteAsync(piece, cancellationToken);
        await File.WriteAllTextAsync(System.IO.Path.ChangeExtension(path, ".json"), SafeText.VisibleJson(Described(envelope, time)), cancellationToken);
        return name + ".eml";
    }

    private static string Described(Envelope envelope, DateTimeOffset time)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, Readable);
        json.WriteStartObject();
        json.WriteString("time", time);
        json.WriteString("from", envelope.Sender.Mailbox?.ToString() ?? "");
        json.WriteStartArray("to");
        foreach (var recipient in envelope.Recipients)
            json.WriteStringValue(recipient.ToString().Trim('<', '>'));
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
