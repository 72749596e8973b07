using Gateway.Server.Configuration;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>
/// Tells the operator when a smart host stops taking mail, and when it takes mail again: one line each, however many messages wait. While a
/// smart host fails and works by turns, this is one episode. The episode ends when something works a minute after the last failure.
/// Safe for concurrent use: a lock guards the state, and nothing is written under it.
/// </summary>
/// <param name="options">Of the smart host.</param>
/// <param name="place">Its place in SmartHosts.</param>
/// <param name="logger">Asked for when there is something to say: the log is built after the smart hosts.</param>
/// <param name="time">The clock.</param>
/// <param name="before">Has told of the same server until now: an outage that began there ends here.</param>
internal sealed class SmartHostEpisodes(SmartHostOptions options, int place, Func<ILogger> logger, TimeProvider time, SmartHostEpisodes? before = null)
{
    /// <summary>
    /// How long nothing may have failed before a trouble is over. A smart host with a limit of connections refuses new ones for as long as the
    /// open ones carry mail.
    /// </summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    private readonly Episode _now = before?.HandOn(options) ?? new();

    /// <summary>In this order: the operator hears of a greater trouble also while a lesser one lasts.</summary>
    private enum Trouble
    {
        None,
        InDoubt,
        Unreachable,
        Unauthenticated,
    }

    /// <summary>Where the operator hears of this smart host.</summary>
    public Func<ILogger> Logger => logger;

    /// <summary>What to write into the configuration.</summary>
    public string LoginKeys => $"SmartHosts[{place}].UserName and SmartHosts[{place}].Password";

    public void WantsAuthentication(Reply words)
    {
        if (!Begins(Trouble.Unauthenticated))
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
        else if (Begins(Trouble.Unreachable))
            RelayLog.Unusable(logger(), options.ToString(), Sentence(lease.Failure ?? "no connection"));
    }

    /// <summary>It had a whole message and did not say whether it took it.</summary>
    public void LeavesInDoubt(string reason)
    {
        if (Begins(Trouble.InDoubt))
            RelayLog.InDoubt(logger(), options.ToString(), Sentence(reason));
    }

    /// <summary>The last connection could not be made, and nothing has worked since.</summary>
    public bool IsUnreachable => IsIn(Trouble.Unreachable);

    /// <summary>The login was refused or is missing, and no mail was taken since.</summary>
    public bool WantsLogin => IsIn(Trouble.Unauthenticated);

    /// <summary>A connection could be made, or is open. Whether mail is taken without a login shows only when it is sent.</summary>
    public void Reached() => Works(isMail: false);

    /// <summary>The smart host took a message, or answered about a recipient.</summary>
    public void MailAccepted() => Works(isMail: true);

    private bool Begins(Trouble trouble)
    {
        lock (_now)
        {
            // A message in doubt says nothing about connections and logins.
            if (trouble == Trouble.InDoubt && _now.Trouble > Trouble.InDoubt)
                return false;
            var isNew = trouble > _now.Trouble || (trouble < _now.Trouble && _now.HasWorked);
            if (isNew)
                _now.Trouble = trouble;
            (_now.FailedAt, _now.HasWorked) = (time.GetTimestamp(), false);
            return isNew;
        }
    }

    private void Works(bool isMail)
    {
        // Nearly always there is no trouble, and a delivery takes no lock.
        if (_now.Trouble == Trouble.None)
            return;
        lock (_now)
        {
            if (!isMail && !_now.HasWorked && _now.Trouble != Trouble.Unreachable)
                return;
            _now.HasWorked = true;
            if (_now.Trouble == Trouble.None || time.GetElapsedTime(_now.FailedAt) < Calm)
                return;
            _now.Trouble = Trouble.None;
        }
        RelayLog.IsBack(logger(), options.ToString());
    }

    private bool IsIn(Trouble trouble)
    {
        lock (_now)
            return _now.Trouble == trouble && !_now.HasWorked;
    }

    /// <summary>What is going on; with another login it is a new question whether the server takes it, and null is the answer.</summary>
    private Episode? HandOn(SmartHostOptions next)
    {
        lock (_now)
            return _now.Trouble == Trouble.Unauthenticated && (next.UserName, next.Password) != (options.UserName, options.Password) ? null : _now;
    }

    /// <summary>Shared by all who tell of one server, so that its end is told once. Its own lock.</summary>
    private sealed class Episode
    {
        public volatile Trouble Trouble;

        /// <summary>When it failed last.</summary>
        public long FailedAt;

        /// <summary>Something has worked since then.</summary>
        public bool HasWorked;
    }

    private const int MaxWords = 600;

    // The system ends its messages with a full stop, and here more follows.
    private static string Sentence(string reason) => Inbound.SafeText.Of(reason, MaxWords).TrimEnd('.');

    private static string SafeText(Reply words) => Inbound.SafeText.Of(words.ToString(), MaxWords);
}
