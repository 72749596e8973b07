using System.Net;
using Gateway.Dns;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>A next hop with its connections and its time budget.</summary>
internal sealed class SmartHost : INextHop, IAsyncDisposable
{
    private readonly SmartHostPool _pool;
    private readonly SmartHostEpisodes _episodes;
    private readonly RecipientQuestions? _questions;
    private readonly TimeProvider _time;
    private readonly DeliveryOptions _delivery;

    /// <param name="options">The server.</param>
    /// <param name="delivery">How long it may take.</param>
    /// <param name="heloName">Our name.</param>
    /// <param name="resolver">For its name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="episodes">Hears whether it takes mail.</param>
    /// <param name="before">
    /// Has served the same server until now. What was heard about recipients goes on here; so do circuit breaker and connections, if
    /// connections are still made in the same way.
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
        _questions = options.VerifyRecipients ? new(_pool, episodes, time, before?._questions) : null;
    }

    public SmartHostOptions Options { get; }

    public string HeloName { get; }

    public SmartHostEpisodes Episodes => _episodes;

    public bool ConnectsLike(SmartHostOptions options, string heloName) => Options.ConnectsLike(options) && HeloName == heloName;

    /// <summary>Whether it uses the very connections that the other one uses.</summary>
    public bool SharesConnectionsWith(SmartHost other) => _pool == other._pool;

    /// <summary>Why it would take no mail at the moment, as far as a connection tells; null when it would. An outage begins and ends with it.</summary>
    public async Task<string?> CheckAsync()
    {
        if (_episodes.WantsLogin)
            return $"it does not accept this gateway's login, or wants one: look at {_episodes.LoginKeys}";
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
        _questions?.AskAsync(recipient, cancellationToken) ?? default;

    public async Task<RelayResult> DeliverAsync(Envelope envelope, OutgoingMessage message, CancellationToken cancellationToken)
    {
        // One for all: the wait for a place, the connection, the message, and the second try.
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
            return Result(attempt, tries, budget);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unavailable("no connection was free", tries, budget);
        }
    }

    private async ValueTask<Attempt> TryAsync(Envelope envelope, OutgoingMessage message, bool fresh, DeliveryBudget budget)
    {
        var lease = await _pool.RentAsync(Errand.Delivery, fresh, budget.Token);
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
            await _pool.ReturnAsync(Errand.Delivery, client, server);
        }
    }

    private RelayResult Result(Attempt attempt, int tries, DeliveryBudget budget)
    {
        switch (attempt)
        {
            case { Result: SendResult.Delivered delivered }:
                _episodes.Took();
                return Answered(delivered.Reply, attempt, tries, budget,
                    delivered.EightBitUnannounced ? "8-bit content was sent unchanged to a smart host without 8BITMIME" : null);
            case { Result: SendResult.Refused { Reply: var words } } when SmartHostReply.WantsAuthentication(words):
                return NotConfigured(words, attempt, tries, budget);
            case { Result: SendResult.Refused refused }:
                _episodes.Took();
                if (refused.Recipient is { } recipient)
                    _questions?.Forget(recipient);
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

    private static RelayResult Answered(Reply reply, Attempt attempt, int tries, DeliveryBudget budget, string? note) =>
        new(SmartHostReply.PassedOn(reply), attempt.Server, tries, attempt.WasReused, budget.Elapsed, note) { IsPassedOn = true };

    /// <summary>"Authentication required", or a login refused (RFC 4954 §6), is about us and not about the message: a 5xx would bounce all mail.</summary>
    private RelayResult NotConfigured(Reply words, Attempt attempt, int tries, DeliveryBudget budget)
    {
        _episodes.WantsAuthentication(words);
        var (what, keys) = Options.UserName is null ? ("wants authentication", "set") : ("refuses our login", "look at");
        return new(new(451, 3, 5, "The next hop wants this gateway to authenticate; its operator has been told, try again later"),
            attempt.Server, tries, attempt.WasReused, budget.Elapsed,
            $"the smart host {what}: {words}; {keys} {_episodes.LoginKeys}");
    }

    /// <summary>
    /// RFC 1047: the smart host had the whole message, and whether it took it is not known. Only the client may send it again, for
    /// a copy too many is better than a message that is lost. RFC 3463 §3.5: X.4.2 is a transaction that could not be completed.
    /// </summary>
    private RelayResult InDoubt(string reason, Attempt attempt, int tries, DeliveryBudget budget)
    {
        _episodes.LeavesInDoubt(budget.Explain(reason));
        return new(new(451, 4, 2, "The next hop did not say whether it took the message, try again later"),
            attempt.Server, tries, attempt.WasReused, budget.Elapsed,
            $"in doubt: the smart host had the whole message and did not confirm it: {budget.Explain(reason)}; if it took the message, the client's next try makes a second copy")
        {
            IsInDoubt = true,
        };
    }

    private static RelayResult Unavailable(string reason, int tries, DeliveryBudget budget, IPEndPoint? server = null) =>
        new(new(451, 4, 1, "Next hop unavailable, try again later"), server, tries, false, budget.Elapsed, budget.Explain(reason));

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
