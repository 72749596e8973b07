using System.Collections.Concurrent;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>
/// Tells the operator of lists that give unusable answers: each list once a day, however many clients meet it. Safe for concurrent use;
/// there are as many lists as the configuration names.
/// </summary>
internal sealed class ListTroubles(Action<DomainName, string>? tell, TimeProvider time)
{
    private static readonly TimeSpan Silence = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<DomainName, long> _told = new();

    public void Met(DomainName zone, string trouble)
    {
        if (tell is null)
            return;
        var now = time.GetTimestamp();
        if (_told.TryGetValue(zone, out var then)
            ? time.GetElapsedTime(then, now) >= Silence && _told.TryUpdate(zone, now, then)
            : _told.TryAdd(zone, now))
            tell(zone, trouble);
    }
}
