using System.Text;
using Gateway.Policy.Facts;
using Gateway.Server.Inbound;

namespace Gateway.Server.Journal;

/// <summary>A session as the database takes it: made of the record before the database is locked.</summary>
internal sealed class SessionRow
{
    public const long MillisecondsOfHour = 3_600_000;

    public SessionRow(SessionRecord session)
    {
        Document = SessionDescription.Of(session);
        Json = Encoding.UTF8.GetString(SessionDescription.Encode(Document));
        Attempts = [.. Attempt.Of(session)];
        Logins = [.. Login.Of(session)];
        Refused = session.RefusedTransactionCount;
        (Name, IsConfirmed) = NameOf(session.Facts);
        IsIPv6 = session.Client.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
    }

    public SessionDocument Document { get; }
    public string Json { get; }
    public IReadOnlyList<Attempt> Attempts { get; }

    /// <summary>For the statistics of users: who it was, and who it was said to be.</summary>
    public IReadOnlyList<Login> Logins { get; }

    /// <summary>Transactions.</summary>
    public int Refused { get; }

    /// <summary>For the statistics: the confirmed name, else the first that the PTR record gives; empty when there is none.</summary>
    public string Name { get; }

    public bool IsConfirmed { get; }
    public bool IsIPv6 { get; }
    public long Started => Document.Started.ToUnixTimeMilliseconds();
    public long Hour => Started / MillisecondsOfHour;

    private static (string Name, bool IsConfirmed) NameOf(ClientFacts? facts) =>
        facts?.ConfirmedName is { } confirmed ? (confirmed.ToString(), true)
        : facts is { Names: [var first, ..] } ? (first.Name.ToString(), false)
        : ("", false);
}
