using Gateway.Policy.Profiles;

namespace Gateway.Server.Journal.Statistics;

/// <summary>What one combination of findings comes to, in a span of hours.</summary>
/// <param name="Sessions">Whose first attempt had it.</param>
/// <param name="Attempts">All that had it.</param>
/// <param name="Delivered">Of these.</param>
/// <param name="Refused">Of these, with a 5yz reply.</param>
/// <param name="Deferred">Of these, with a 4yz reply.</param>
/// <param name="InDoubt">Of the deferred.</param>
internal readonly record struct Total(long Sessions, long Attempts, long Delivered, long Refused, long Deferred, long InDoubt);

/// <summary>Adds up, combination of findings by combination, what they come to for each check.</summary>
internal sealed class StatisticsTally(Profile? profile)
{
    private readonly Hindsight? _hindsight = profile is null ? null : new(profile);
    private readonly Dictionary<string, CheckCount> _checks = [];
    private readonly Dictionary<string, TopSenders> _senders = [];
    private readonly Dictionary<long, TopSenders[]> _sendersOf = [];
    private readonly SortedSet<string> _unasked = new(StringComparer.Ordinal);
    private StatisticsReport _sum = new() { From = default, Until = default };
    private HindsightCount _would = new();

    public void AddTotal(long id, bool isIPv6, IReadOnlyList<FoundBy> findings, Total total)
    {
        _sum = _sum with
        {
            Sessions = _sum.Sessions + total.Sessions,
            Attempts = _sum.Attempts + total.Attempts,
            Delivered = _sum.Delivered + total.Delivered,
            Refused = _sum.Refused + total.Refused,
            Deferred = _sum.Deferred + total.Deferred,
            InDoubt = _sum.InDoubt + total.InDoubt,
        };
        var effects = _hindsight is null ? Effect.Of(findings) : InHindsight(findings, isIPv6, total.Attempts, total.Delivered);
        foreach (var effect in effects)
            _checks[effect.Check] = Plus(_checks.GetValueOrDefault(effect.Check) ?? new() { Check = effect.Check }, effect, total.Attempts, total.Delivered);
        _sendersOf[id] = [.. effects.Select(effect => SendersFor(effect.Check))];
    }

    private IReadOnlyList<Effect> InHindsight(IReadOnlyList<FoundBy> findings, bool isIPv6, long attempts, long delivered)
    {
        // What relay control and the smart host refuse is no matter of the profile.
        var effect = _hindsight!.Judge([.. findings.Where(static found => found.IsByCheck)], isIPv6, out var unasked);
        if (effect is not { } known)
        {
            _unasked.UnionWith(unasked);
            _would = _would with { Unknown = _would.Unknown + (unasked.Count > 0 ? attempts : 0) };
            return [];
        }
        _would = _would with
        {
            Refused = _would.Refused + (known.IsRejection ? attempts : 0),
            Deferred = _would.Deferred + (known.IsRejection ? 0 : attempts),
            Delivered = _would.Delivered + delivered,
        };
        return [known];
    }

    private static CheckCount Plus(CheckCount count, Effect effect, long attempts, long delivered)
    {
        var sum = effect switch
        {
            { IsSpoken: true, IsRejection: true } => count with { Refused = count.Refused + attempts },
            { IsSpoken: true } => count with { Deferred = count.Deferred + attempts },
            { IsRejection: true } => count with { WouldRefuse = count.WouldRefuse + attempts },
            _ => count with { WouldDefer = count.WouldDefer + attempts },
        };
        return sum with { Delivered = sum.Delivered + delivered };
    }

    private TopSenders SendersFor(string check) =>
        _senders.TryGetValue(check, out var senders) ? senders : _senders[check] = new();

    /// <summary>Where the senders with these findings count.</summary>
    public TopSenders[] SendersOf(long id) => _sendersOf.GetValueOrDefault(id) ?? [];

    /// <param name="most">How many senders are named.</param>
    /// <param name="word">The word of a number.</param>
    public StatisticsReport Report(int most, Func<long, string> word) => _sum with
    {
        Profile = profile?.Name,
        Hindsight = _hindsight is null ? null : _would with { Unasked = [.. _unasked] },
        Checks =
        [
            .. _checks.Values.Select(check => SendersFor(check.Check).Fill(check, most, word))
                .OrderByDescending(check => check.InAll).ThenBy(check => check.Check, StringComparer.Ordinal),
        ],
    };
}
