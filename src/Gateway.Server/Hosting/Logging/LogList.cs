namespace Gateway.Server.Hosting.Logging;

/// <summary>Several values of one log entry: an array in JSON, and words with commas between them, or what else is named, in text.</summary>
internal sealed class LogList(IEnumerable<object> items, string separator = ", ")
{
    public IReadOnlyList<object> Items { get; } = [.. items];

    public override string ToString() => string.Join(separator, Items);
}
