namespace Gateway.Server.Users;

/// <summary>
/// How many recipients a user may write to within an hour, counted in minutes that slide: what a stolen password is good
/// for. One for all listeners; safe for concurrent use.
/// </summary>
public sealed class RecipientQuota
{
    private const int Capacity = 10_000;
    private const int Minutes = 60;

    private readonly TimeProvider _time;
    private readonly Lock _gate;
    private readonly RecentTable<string, Hour> _users;

    public RecipientQuota(int perHour, TimeProvider time)
        : this(perHour, time, new(), new(Capacity, TimeSpan.FromMinutes(Minutes), time))
    {
    }

    private RecipientQuota(int perHour, TimeProvider time, Lock gate, RecentTable<string, Hour> users) =>
        (PerHour, _time, _gate, _users) = (perHour, time, gate, users);

    public int PerHour { get; }

    /// <summary>Another limit for the same users: what they have sent counts.</summary>
    public RecipientQuota With(int perHour) => new(perHour, _time, _gate, _users);

    /// <summary>Counts one more, unless that is one too many.</summary>
    public bool TryTake(string user)
    {
        // Names have no case; a proxy hands them on (XCLIENT LOGIN) as they were typed.
        var name = user.ToUpperInvariant();
        var minute = _time.GetTimestamp() / (_time.TimestampFrequency * 60);
        lock (_gate)
        {
            // Found and not touched: who is refused does not stay for that.
            if (_users.Find(name)?.Count(minute) >= PerHour)
                return false;
            _users.Touch(name).Add(minute);
            return true;
        }
    }

    private sealed class Hour
    {
        private readonly int[] _counts = new int[Minutes];
        private long _newest = -1;

        public int Count(long minute)
        {
            Turn(minute);
            return _counts.Sum();
        }

        public void Add(long minute)
        {
            Turn(minute);
            _counts[minute % Minutes]++;
        }

        private void Turn(long minute)
        {
            for (var passed = Math.Max(_newest + 1, minute - Minutes + 1); passed <= minute; passed++)
                _counts[passed % Minutes] = 0;
            _newest = Math.Max(_newest, minute);
        }
    }
}
