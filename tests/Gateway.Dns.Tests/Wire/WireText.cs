using System.Text;

namespace Gateway.Dns.Tests;

/// <summary>Messages as text, octet by octet, so that what the equality of names overlooks is compared too.</summary>
internal static class WireText
{
    public static string Of(DnsMessage message) => $"""
        {message.Id} {message.IsResponse} {message.OpCode} {message.IsAuthoritative} {message.IsTruncated} {message.RecursionDesired}
        {message.RecursionAvailable} {message.IsAuthenticated} {message.ResponseCode} {message.Question} {message.QuestionClass}
        {message.EdnsPayloadSize} {message.EdnsVersion} {string.Join(' ', message.ExtendedErrors)}
        {Of(message.Answers)}-{Of(message.Authorities)}-{Of(message.Additionals)}
        """;

    public static string Of(IEnumerable<ResourceRecord> records)
    {
        var text = new StringBuilder();
        foreach (var record in records)
            text.Append(record.Owner).Append(' ').AppendLine(record switch
            {
                TxtRecord strings => $"TXT {record.TimeToLive} {string.Join(' ', strings.Strings.Select(static part => Convert.ToHexString(part.Span)))}",
                OpaqueRecord opaque => $"{record.Type} {record.TimeToLive} {Convert.ToHexString(opaque.Content.Span)}",
                _ => record.ToString(),
            });
        return text.ToString();
    }
}
