using System.Net;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Inbound;
using Gateway.Smtp;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Gateway.Relay;

/// <summary>A next hop with its connections and its time budget.</summary>
internal sealed class SmartHost : INextHop, IAsyncDisposable
{
    private static readonly ResiliencePropertyKey<int> Tries = new("tries");

    private readonly SmartHostPool _pool;
    private readonly SmartHostEpisodes _episodes;
    private readonly RecipientQuestions? _questions;
    private readonly TimeProvider _time;
    private readonly TimeSpan _deadline;
    private readonly ResiliencePipeline<Attempt> _pipeline;

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
        _deadline = delivery.Deadline;
        _episodes = episodes;
        _pool = before?.ConnectsLike(options, heloName) == true ? before._pool.With(options) : new(options, new(options, heloName, resolver, time), time);
        _questions = options.VerifyRecipients ? new(_pool, episodes, time, before?._questions) : null;
        // The deadline is one for all: the wait for a place, the connection, the message, and the second try.
        _pipeline = new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddTimeout(_deadline)
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                ShouldHandle = static attempt => ValueTask.FromResult(attempt.Outcome.Result.IsWorthRepeating),
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
            })
            .Build();
    }

    public SmartHostOptions Options { get; }

    public string HeloName { get; }

    public SmartHostEpisodes Episodes => _episodes;

    public bool ConnectsLike(SmartHostOptions options, string heloName) => Options.ConnectsLike(options) && HeloName == heloName;

    /// <summary>Whether it uses the very connections that the other one uses.</summary>
    public bool SharesConnectionsWith(SmartHost other) => _pool == other._pool;

    public ValueTask<Reply?> AskAsync(ForwardPath recipient, CancellationToken cancellationToken) =>
        _questions?.AskAsync(recipient, cancellationToken) ?? default;

    public async Task<RelayResult> DeliverAsync(Envelope envelope, OutgoingMessage message, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var attempt = await _pipeline.ExecuteAsync(
                static (context, state) => state.Host.TryAsync(context, state.Envelope, state.Message),
                context, (Host: this, Envelope: envelope, Message: message));
            return Result(attempt, Count(context), started);
        }
        catch (TimeoutRejectedException)
        {
            return Unavailable("no connection was free", Count(context), started);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static int Count(ResilienceContext context) => context.Properties.GetValue(Tries, 0);

    private async ValueTask<Attempt> TryAsync(ResilienceContext context, Envelope envelope, OutgoingMessage message)
    {
        var tries = Count(context);
        context.Properties.Set(Tries, tries + 1);
        var lease = await _pool.RentAsync(Errand.Delivery, fresh: tries > 0, context.CancellationToken);
        if (lease is not { Client: { } client, Server: { } server })
        {
            _episodes.Unusable(lease);
            return new(null, lease.Failure, null, false) { Refusal = lease.Refusal };
        }
        try
        {
            return new(await client.SendAsync(envelope, message, context.CancellationToken), null, server, lease.WasReused);
        }
        finally
        {
            await _pool.ReturnAsync(Errand.Delivery, client, server);
        }
    }

    private RelayResult Result(Attempt attempt, int tries, long started)
    {
        switch (attempt)
        {
            case { Result: SendResult.Delivered delivered }:
                _episodes.Took();
                return Answered(delivered.Reply, attempt, tries, started,
                    delivered.EightBitUnannounced ? "8-bit content was sent unchanged to a smart host without 8BITMIME" : null);
            case { Result: SendResult.Refused { Reply: var words } } when SmartHostReply.WantsAuthentication(words):
                return NotConfigured(words, attempt, tries, started);
            case { Result: SendResult.Refused refused }:
                _episodes.Took();
                if (refused.Recipient is { } recipient)
                    _questions?.Forget(recipient);
                return Answered(refused.Reply, attempt, tries, started, Refusal(refused));
            case { Result: SendResult.Failed failed }:
                return Unavailable(failed.MayHaveBeenDelivered
                    ? $"{failed.Reason}; it may have been taken, then the client's next try makes a second copy" : failed.Reason, tries, started, attempt.Server);
            case { Refusal: { } words } when SmartHostReply.WantsAuthentication(words):
                return NotConfigured(words, attempt, tries, started);
            default:
                return Unavailable(attempt.Failure ?? "no connection", tries, started);
        }
    }

    private static string Refusal(SendResult.Refused refused) =>
        refused.Recipient is { } recipient ? $"refused at {Word(refused)} for {recipient}" : $"refused at {Word(refused)}";

    private static string Word(SendResult.Refused refused) => refused.Stage.ToString().ToUpperInvariant();

    private RelayResult Answered(Reply reply, Attempt attempt, int tries, long started, string? note) =>
        new(SmartHostReply.PassedOn(reply), attempt.Server, tries, attempt.WasReused, Since(started), note) { IsPassedOn = true };

    /// <summary>"Authentication required", or a login refused (RFC 4954 §6), is about us and not about the message: a 5xx would bounce all mail.</summary>
    private RelayResult NotConfigured(Reply words, Attempt attempt, int tries, long started)
    {
        _episodes.WantsAuthentication(words);
        var (what, keys) = Options.UserName is null ? ("wants authentication", "set") : ("refuses our login", "look at");
        return new(new(451, 3, 5, "The next hop wants this gateway to authenticate; its operator has been told, try again later"),
            attempt.Server, tries, attempt.WasReused, Since(started),
            $"the smart host {what}: {words}; {keys} {_episodes.LoginKeys}");
    }

    private RelayResult Unavailable(string reason, int tries, long started, IPEndPoint? server = null) =>
        new(new(451, 4, 1, "Next hop unavailable, try again later"), server, tries, false, Since(started),
            Since(started) < _deadline ? reason : $"no answer within {_deadline.TotalSeconds:0} s ({reason})");

    private TimeSpan Since(long started) => _time.GetElapsedTime(started);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
