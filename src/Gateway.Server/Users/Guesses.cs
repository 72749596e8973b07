using System.Net;

namespace Gateway.Server.Users;

/// <summary>
/// Counts wrong passwords by client address, by user name from that address, and by user name from anywhere. The first two
/// can shut a client out for a while; the last one only lengthens the wait after the next wrong password: strangers who
/// fail on somebody's name cannot lock its owner out. Safe for concurrent use.
/// </summary>
internal sealed class Guesses(TimeProvider time)
{
    /// <summary>Wrong passwords within <see cref="Window"/> after which an address is not heard.</summary>
    public const int MostFromAddress = 30;

    /// <summary>The same for one name from one address.</summary>
    public const int MostOnName = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int Capacity = 10_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly RecentTable<ClientKey, Moments> _addresses = new(Capacity, Window, time);
    private readonly RecentTable<(ClientKey, string), Moments> _namesFromAddresses = new(Capacity, Window, time);
    private readonly RecentTable<string, Moments> _names = new(Capacity, Window, time);

    /// <summary>Too many wrong passwords came from there: the next one is not even looked at.</summary>
    public bool AreTooMany(IPAddress client, string user)
    {
        var key = ClientKey.Of(client);
        lock (_gate)
            return CountOf(_addresses.Find(key)) >= MostFromAddress || CountOf(_namesFromAddresses.Find((key, Folded(user)))) >= MostOnName;
    }

    /// <summary>How long a wrong password waits for its answer: 1, 2, 4 … 30 seconds.</summary>
    public TimeSpan WaitFor(IPAddress client, string user)
    {
        lock (_gate)
        {
            var failures = Math.Max(CountOf(_addresses.Find(ClientKey.Of(client))), CountOf(_names.Find(Folded(user))));
            return failures < 5 ? TimeSpan.FromSeconds(1 << failures) : LongestWait;
        }
    }

    public void Failed(IPAddress client, string user)
    {
        var (key, name, now) = (ClientKey.Of(client), Folded(user), time.GetTimestamp());
        lock (_gate)
        {
            _addresses.Touch(key).Add(now);
            _namesFromAddresses.Touch((key, name)).Add(now);
            _names.Touch(name).Add(now);
        }
    }

    private static string Folded(string user) => user.ToUpperInvariant();

    private int CountOf(Moments? moments) => moments?.Within(Window, time) ?? 0;

    /// <summary>When it happened last, as often as anybody counts.</summary>
    private sealed class Moments
    {
        private readonly Queue<long> _moments = [];

        public void Add(long now)
        {
            if (_moments.Count == MostFromAddress)
                _moments.Dequeue();
            _moments.Enqueue(now);
        }

        public int Within(TimeSpan window, TimeProvider time)
        {
            while (_moments.TryPeek(out var first) && time.GetElapsedTime(first) >= window)
                _moments.Dequeue();
            return _moments.Count;
        }
    }
}
