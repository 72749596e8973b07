using System.Security.Cryptography;
using Gateway.Dns;
using Gateway.Policy.Advising;
using Gateway.Server.Configuration;

namespace Gateway.Server.Hosting;

/// <summary>
/// Finds out whether the resolver's answers can be trusted, and warns if not: at the start, and when a reload brings other DNS servers or other
/// lists. No session waits for it. Safe for concurrent use.
/// </summary>
internal sealed class ResolverWatch(ILogger logger)
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";

    private readonly Lock _gate = new();
    private IDnsResolver? _resolver;
    private string _lists = "";

    /// <summary>Asks the resolver, unless the same one has been asked about the same lists.</summary>
    public async Task LookAsync(GatewayOptions options, IDnsResolver resolver, CancellationToken cancellationToken)
    {
        var profiles = options.Listeners.SelectMany(static listener => (listener.RecipientProfiles?.Profiles ?? []).Prepend(listener.Profile));
        var lists = ResolverProbe.ListsOf(profiles, new() { Lists = options.Policy.ExemptLists });
        if (!IsNew(resolver, string.Join('\n', lists.Select(static list => $"{list.Zone} {list.IsAllow} {string.Join(' ', list.Answers ?? [])}"))))
            return;
        var probe = new ResolverProbe(resolver, lists, RandomNumberGenerator.GetString(Letters, 20));
        var troubles = await probe.AskAsync(cancellationToken);
        if (troubles.Count > 0)
            ResolverLog.Untrustworthy(logger, string.Join("; ", troubles));
    }

    private bool IsNew(IDnsResolver resolver, string lists)
    {
        lock (_gate)
        {
            if (resolver == _resolver && lists == _lists)
                return false;
            (_resolver, _lists) = (resolver, lists);
            return true;
        }
    }
}
