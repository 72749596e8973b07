namespace Gateway.Hosting.Logging;

/// <summary>Several values of one log entry: an array in JSON, and words with commas between them in text.</summary>
internal sealed class LogList(IEnumerable<object> items)
{
    public IReadOnlyList<object> Items { get; } = [.. items];

    public override string ToString() => string.Join(", ", Items);
}
