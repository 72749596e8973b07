namespace Gateway.Server.Checking;

/// <summary>A header as <c>--json</c> writes it; docs/check.md describes each key.</summary>
internal sealed record MessageDocument(
    IReadOnlyList<FieldDocument> Fields, IReadOnlyList<HopDocument> Hops, IReadOnlyList<MessageResult> Results, IReadOnlyList<MessageSignature> Signatures, string? Command)
{
    public static MessageDocument Of(MessageFacts message) => new(
        [.. message.Fields.Select(static field => new FieldDocument(field.Name, field.Value))],
        [.. message.Hops.Select(static hop => new HopDocument(hop.From, hop.ClientName, hop.Address?.ToString(), hop.By, hop.With, hop.Date))],
        message.Results,
        message.Signatures,
        message.Command());
}

internal sealed record FieldDocument(string Name, string Value);

internal sealed record HopDocument(string? From, string? ClientName, string? Address, string? By, string? With, DateTimeOffset? Date);
