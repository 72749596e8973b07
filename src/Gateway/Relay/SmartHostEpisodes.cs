using Gateway.Configuration;
using Gateway.Smtp;

namespace Gateway.Relay;

/// <summary>
/// Tells the operator what keeps a smart host from taking mail: once when it begins, however many messages wait, and once when it
/// is over. Safe for concurrent use: the state is one interlocked word.
/// </summary>
/// <param name="options">Of the smart host.</param>
/// <param name="place">Its place in SmartHosts.</param>
/// <param name="logger">Asked for when there is something to say: the log is built after the smart hosts.</param>
/// <param name="before">Has told of the same server until now: an outage that began there ends here.</param>
internal sealed class SmartHostEpisodes(SmartHostOptions options, int place, Func<ILogger> logger, SmartHostEpisodes? before = null)
{
    private const int Fine = 0, Unreachable = 1, Unauthenticated = 2, Doubtful = 3;

    private readonly Episode _now = before?.HandOn(options) ?? new();

    /// <summary>Where the operator hears of this smart host.</summary>
    public Func<ILogger> Logger => logger;

    /// <summary>What to write into the configuration.</summary>
    public string LoginKeys => $"SmartHosts[{place}].UserName and SmartHosts[{place}].Password";

    public void WantsAuthentication(Reply words)
    {
        if (Interlocked.Exchange(ref _now.State, Unauthenticated) == Unauthenticated)
            return;
        if (options.UserName is null)
            RelayLog.WantsAuthentication(logger(), options.ToString(), SafeText(words), LoginKeys);
        else
            RelayLog.RefusesLogin(logger(), options.ToString(), options.UserName, SafeText(words), LoginKeys);
    }

    public void Unusable(Lease lease)
    {
        if (lease.Refusal is { } words && SmartHostReply.WantsAuthentication(words))
            WantsAuthentication(words);
        else if (Volatile.Read(ref _now.State) is var until and (Fine or Doubtful) && Interlocked.CompareExchange(ref _now.State, Unreachable, until) == until)
            RelayLog.Unusable(logger(), options.ToString(), Inbound.SafeText.Of(lease.Failure ?? "no connection", MaxWords));
    }

    /// <summary>It had a whole message and did not say whether it took it.</summary>
    public void LeavesInDoubt(string reason)
    {
        if (Interlocked.CompareExchange(ref _now.State, Doubtful, Fine) == Fine)
            RelayLog.InDoubt(logger(), options.ToString(), Inbound.SafeText.Of(reason, MaxWords));
    }

    public bool IsUnreachable => Volatile.Read(ref _now.State) == Unreachable;

    public bool WantsLogin => Volatile.Read(ref _now.State) == Unauthenticated;

    /// <summary>A connection could be made. Whether mail is taken without a login shows only when it is sent.</summary>
    public void Reached()
    {
        if (Interlocked.CompareExchange(ref _now.State, Fine, Unreachable) == Unreachable)
            RelayLog.IsBack(logger(), options.ToString());
    }

    public void Took()
    {
        if (Volatile.Read(ref _now.State) != Fine && Interlocked.Exchange(ref _now.State, Fine) != Fine)
            RelayLog.IsBack(logger(), options.ToString());
    }

    /// <summary>What is going on; with another login it is a new question whether the server takes it, and null is the answer.</summary>
    private Episode? HandOn(SmartHostOptions next) =>
        Volatile.Read(ref _now.State) == Unauthenticated && (next.UserName, next.Password) != (options.UserName, options.Password) ? null : _now;

    /// <summary>Shared by all who tell of one server, so that its end is told once.</summary>
    private sealed class Episode
    {
        public int State;
    }

    private const int MaxWords = 600;

    private static string SafeText(Reply words) => Inbound.SafeText.Of(words.ToString(), MaxWords);
}
