using DnsClient.Protocol;

namespace Gateway.Peers.Tests.Dns;

/// <summary>Records as DnsClient writes them.</summary>
internal static class RecordLines
{
    /// <summary>Name, TTL, class, type and content, a line each.</summary>
    public static IEnumerable<string> Lines(this IEnumerable<DnsResourceRecord> records) => records.Select(Line);

    // DnsClient counts the TTL down while a test runs. What the server sent is beside it.
    private static string Line(DnsResourceRecord record) =>
        record.ToString().Split(' ', 3) is [var name, _, var rest] ? $"{name} {record.InitialTimeToLive} {rest}" : record.ToString();
}
