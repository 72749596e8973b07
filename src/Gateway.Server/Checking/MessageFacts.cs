using System.Text;
using Gateway.Policy.Advising;
using Gateway.Server.Inbound;
using MimeKit;
using MimeKit.Cryptography;

namespace Gateway.Server.Checking;

/// <summary>One result of an Authentication-Results field (RFC 8601), in the words of the server that wrote it.</summary>
internal sealed record MessageResult(string Server, string Method, string Result, string Detail);

/// <summary>A DKIM signature that the message carries. Whether it is valid is another question.</summary>
internal sealed record MessageSignature(string? Domain, string? Selector);

/// <summary>What the header of a message tells of its way and of what servers found out about it.</summary>
/// <param name="Fields">From, Subject and the like, in the order in which people look for them; safe to show.</param>
/// <param name="Hops">The oldest first.</param>
/// <param name="Results">What servers found out; the newest field first.</param>
/// <param name="Signatures">In the order of the fields.</param>
/// <param name="ReturnPath">The return address, if the last server wrote it down.</param>
internal sealed record MessageFacts(
    IReadOnlyList<(string Name, string Value)> Fields,
    IReadOnlyList<ReceivedHop> Hops,
    IReadOnlyList<MessageResult> Results,
    IReadOnlyList<MessageSignature> Signatures,
    string? ReturnPath)
{
    /// <summary>More than any header that servers take.</summary>
    private const int MaxHeader = 1 << 20;

    private static readonly string[] Shown = ["From", "Sender", "Reply-To", "To", "Subject", "Date", "Message-ID", "Return-Path"];

    /// <summary>The newest hop from an address that the world sees: the server that strict receivers judge.</summary>
    public ReceivedHop? Sender => Hops.LastOrDefault(static hop => hop.Address is { } address && PublicAddress.WhyNot(address) is null);

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">It holds no header.</exception>
    public static async Task<MessageFacts> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        var octets = new byte[MaxHeader];
        var length = await file.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellationToken);
        // A mailbox file has a line of its own before the message (RFC 4155).
        var start = octets.AsSpan(0, length).StartsWith("From "u8) ? octets.AsSpan(0, length).IndexOf((byte)'\n') + 1 : 0;
        using var header = new MemoryStream(octets, start, length - start);
        try
        {
            return Of(await HeaderList.LoadAsync(header, cancellationToken));
        }
        catch (FormatException)
        {
            throw new FormatException("the file does not begin with a header with From, Date or Received, so it is not a mail message: save the message with its whole header (\"show source\" in most mail programs)");
        }
    }

    private static MessageFacts Of(HeaderList fields)
    {
        if (!fields.Contains(HeaderId.From) && !fields.Contains(HeaderId.Received) && !fields.Contains(HeaderId.Date))
            throw new FormatException();
        return new(
            [.. Shown.SelectMany(name => fields.Where(field => field.Field.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => (name, Safe(field.Value))))],
            [.. fields.Where(static field => field.Id == HeaderId.Received).Select(static field => ReceivedHop.Parse(Safe(field.Value))).Reverse()],
            [.. fields.Where(static field => field.Id == HeaderId.AuthenticationResults).SelectMany(ResultsOf)],
            [.. fields.Where(static field => field.Id == HeaderId.DkimSignature).Select(static field => Signature(field.Value))],
            fields[HeaderId.ReturnPath] is { } path ? Safe(path).Trim('<', '>', ' ') : null);
    }

    /// <summary>The command that checks the server that brought the message; null when the header names none.</summary>
    public string? Command()
    {
        if (Sender is not { Address: { } address } sender)
            return null;
        var helo = sender.From is { } name && IsPlain(name) && Smtp.Helo.TryParse(name, isExtended: true, out _) ? $" --helo {name}" : "";
        var from = ReturnPath is { } path && IsPlain(path) && Smtp.ReversePath.TryParse($"<{path}>", out _) ? $" --from {path}" : "";
        return $"gateway check {address}{helo}{from}";
    }

    // The line is there to be copied into a shell, and a stranger wrote the header.
    private static bool IsPlain(string text) =>
        text.Length > 0 && text.All(static character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or '+' or '=' or '@') && text[0] != '-';

    private static IEnumerable<MessageResult> ResultsOf(Header field)
    {
        if (!AuthenticationResults.TryParse(field.RawValue, out var parsed))
            return [new("?", "unreadable", "", Safe(field.Value))];
        return parsed.Results.Select(result => new MessageResult(
            Safe(parsed.AuthenticationServiceIdentifier ?? "?"),
            Safe(result.Method),
            Safe(result.Result ?? "?"),
            Safe(string.Join(' ', result.Properties.Select(static property => $"{property.PropertyType}.{property.Property}={property.Value}")
                .Append(result.ResultComment is { Length: > 0 } comment ? $"({comment})" : "").Append(result.Reason ?? "").Where(static part => part.Length > 0)))));
    }

    private static MessageSignature Signature(string value)
    {
        // RFC 6376 §3.2: tags "name=value", parted by semicolons.
        var tags = value.Split(';').Select(static tag => tag.Split('=', 2)).Where(static tag => tag.Length == 2)
            .DistinctBy(static tag => tag[0].Trim()).ToDictionary(static tag => tag[0].Trim(), static tag => Safe(tag[1]));
        return new(tags.GetValueOrDefault("d"), tags.GetValueOrDefault("s"));
    }

    // Everything in a header is a stranger's text: what a terminal could obey becomes visible.
    private static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsWhiteSpace(rune))
                safe.Append(safe.Length > 0 && safe[^1] != ' ' ? " " : "");
            else if (Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.OtherNotAssigned or System.Globalization.UnicodeCategory.PrivateUse)
                safe.Append(Escapes.Show(Encoding.UTF8.GetBytes(rune.ToString())));
            else
                safe.Append(rune.ToString());
        return safe.ToString().TrimEnd();
    }
}
