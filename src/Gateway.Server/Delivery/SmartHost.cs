using System.Net;
using Gateway.Dns;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>A smart host as the next hop, with its connections and the time for a delivery.</summary>
internal sealed class SmartHost : INextHop, IAsyncDisposable
{
    private readonly SmartHostPool _pool;
    private readonly SmartHostEpisodes _episodes;
    private readonly RecipientChecks? _checks;
    private readonly TimeProvider _time;
    private readonly DeliveryOptions _delivery;

    /// <param name="options">The settings of the smart host.</param>
    /// <param name="delivery">The limits of a delivery.</param>
    /// <param name="heloName">The gateway's name in EHLO.</param>
    /// <param name="resolver">Looks up the smart host's name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="episodes">Told whether the smart host takes mail.</param>
    /// <param name="before">
    /// The smart host of the configuration before this one, if it is the same server; its answers about recipients stay known. Its circuit
    /// breaker and its connections stay in use, unless connections are made in another way now.
    /// </param>
    public SmartHost(
        SmartHostOptions options, DeliveryOptions delivery, string heloName, IDnsResolver resolver, TimeProvider time, SmartHostEpisodes episodes,
        SmartHost? before = null)
    {
        Options = options;
        HeloName = heloName;
        _time = time;
        _delivery = delivery;
        _episodes = episodes;
        _pool = before?.ConnectsLike(options, heloName) == true ? before._pool.With(options)
            : new(options, new(options, heloName, resolver, time, episodes.Logger), time);
        _checks = options.VerifyRecipients ? new(_pool, episodes, time, before?._checks) : null;
    }

    public SmartHostOptions Options { get; }

    public string HeloName { get; }

    public SmartHostEpisodes Episodes => _episodes;

    public bool ConnectsLike(SmartHostOptions options, string heloName) => Options.ConnectsLike(options) && HeloName == heloName;

    /// <summary>Whether both use the same pool of connections.</summary>
    public bool SharesConnectionsWith(SmartHost other) => _pool == other._pool;

    /// <summary>
    /// Checks whether the smart host can be reached now. Returns the reason when it cannot, or null. The log hears of the beginning and the end of
    /// an outage from here as well.
    /// </summary>
    public async Task<string?> CheckAsync()
    {
        if (_episodes.WantsLogin)
            return $"it requires authentication, or refused this gateway's login: check {_episodes.LoginKeys}";
        if (!_episodes.IsUnreachable && _pool.HasOpen)
        {
            _episodes.Reached();
            return null;
        }
        var lease = await _pool.TryAsync();
        if (lease.Failure is not { } failure)
        {
            _episodes.Reached();
            return null;
        }
        _episodes.Unusable(lease);
        return failure;
    }

    public ValueTask<Reply?> AskAsync(ForwardPath recipient, CancellationToken cancellationToken) =>
        _checks?.AskAsync(recipient, cancellationToken) ?? default;

    public async Task<DeliveryResult> DeliverAsync(Envelope envelope, OutgoingMessage message, CancellationToken cancellationToken)
    {
        // One time budget for everything: the wait for a place, the connection, the message, and the second try.
        using var budget = new DeliveryBudget(_delivery, _time, cancellationToken);
        var tries = 1;
        try
        {
            var attempt = await TryAsync(envelope, message, fresh: false, budget);
            if (attempt.IsWorthRepeating && !budget.Token.IsCancellationRequested)
            {
                tries++;
                attempt = await TryAsync(envelope, message, fresh: true, budget);
            }
            return new(envelope.Recipients, Result(attempt, tries, budget));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(envelope.Recipients, Unavailable("no connection was free", tries, budget));
        }
    }

    private async ValueTask<DeliveryTry> TryAsync(Envelope envelope, OutgoingMessage message, bool fresh, DeliveryBudget budget)
    {
        var lease = await _pool.RentAsync(ConnectionPurpose.Delivery, fresh, budget.Token);
        if (lease is not { Client: { } client, Server: { } server })
        {
            _episodes.Unusable(lease);
            return new(null, lease.Failure, null, false) { Refusal = lease.Refusal };
        }
        try
        {
            return new(await client.SendAsync(envelope, message, budget.AwaitReply, budget.Token), null, server, lease.WasReused);
        }
        finally
        {
            await _pool.ReturnAsync(ConnectionPurpose.Delivery, client, server);
        }
    }

    private RelayResult Result(DeliveryTry attempt, int tries, DeliveryBudget budget)
    {
        switch (attempt)
        {
            case { Result: SendResult.Delivered delivered }:
                _episodes.MailAccepted();
                return Answered(delivered.Reply, attempt, tries, budget,
                    delivered.EightBitUnannounced ? "8-bit content was sent unchanged to a smart host without 8BITMIME" : null);
            case { Result: SendResult.Refused { Reply: var words } } when SmartHostReply.WantsAuthentication(words):
                return NotConfigured(words, attempt, tries, budget);
            case { Result: SendResult.Refused refused }:
                _episodes.MailAccepted();
                if (refused.Recipient is { } recipient)
                    _checks?.Forget(recipient);
                return Answered(refused.Reply, attempt, tries, budget, Refusal(refused));
            case { Result: SendResult.Failed { MayHaveBeenDelivered: true } failed }:
                return InDoubt(failed.Reason, attempt, tries, budget);
            case { Result: SendResult.Failed { Farewell: { } words } failed }:
                return Answered(words, attempt, tries, budget, failed.Reason);
            case { Result: SendResult.Failed failed }:
                return Unavailable(failed.Reason, tries, budget, attempt.Server);
            case { Refusal: { } words } when SmartHostReply.WantsAuthentication(words):
                return NotConfigured(words, attempt, tries, budget);
            default:
                return Unavailable(attempt.Failure ?? "no connection", tries, budget);
        }
    }

    private static string Refusal(SendResult.Refused refused) =>
        refused.Recipient is { } recipient ? $"refused at {Word(refused)} for {recipient}" : $"refused at {Word(refused)}";

    private static string Word(SendResult.Refused refused) => refused.Stage.ToString().ToUpperInvariant();

    private static RelayResult Answered(Reply reply, DeliveryTry attempt, int tries, DeliveryBudget budget, string? note) =>
        new(SmartHostReply.PassedOn(reply), attempt.Server, tries, attempt.WasReused, budget.Elapsed, note) { IsPassedOn = true };

    /// <summary>
    /// "Authentication required", or a refused login (RFC 4954 §6), is a mistake in the gateway's configuration. Passed on as a 5xx, it would
    /// bounce all mail.
    /// </summary>
    private RelayResult NotConfigured(Reply words, DeliveryTry attempt, int tries, DeliveryBudget budget)
    {
        _episodes.WantsAuthentication(words);
        var (what, keys) = Options.UserName is null ? ("requires authentication", "set") : ("refused our login", "check");
        return new(new(451, 3, 5, "The next hop requires this gateway to authenticate, and its administrator has been told; try again later"),
            attempt.Server, tries, attempt.WasReused, budget.Elapsed,
            $"the smart host {what}: {words}; {keys} {_episodes.LoginKeys}");
    }

    /// <summary>
    /// RFC 1047: the smart host had the whole message, and it is not known whether it took it. Only the client may send it again, because a
    /// second copy is better than a lost message. RFC 3463 §3.5: X.4.2 is a transaction that could not be completed.
    /// </summary>
    private RelayResult InDoubt(string reason, DeliveryTry attempt, int tries, DeliveryBudget budget)
    {
        _episodes.LeavesInDoubt(budget.Explain(reason));
        return new(new(451, 4, 2, "The reply of the next hop to the message did not arrive, try again later"),
            attempt.Server, tries, attempt.WasReused, budget.Elapsed,
            $"in doubt: the smart host got the whole message, but its reply did not arrive ({budget.Explain(reason)}); if it accepted the message, the client's next attempt delivers it twice")
        {
            IsInDoubt = true,
        };
    }

    private static RelayResult Unavailable(string reason, int tries, DeliveryBudget budget, IPEndPoint? server = null) =>
        new(new(451, 4, 1, "Next hop unavailable, try again later"), server, tries, false, budget.Elapsed, budget.Explain(reason));

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
