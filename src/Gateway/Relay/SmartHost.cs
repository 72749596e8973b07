using System.Net;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Inbound;
using Gateway.Smtp;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Gateway.Relay;

/// <summary>One try to hand a message over.</summary>
/// <param name="Result">How it ended; null when there was no connection.</param>
/// <param name="Failure">Why there was none.</param>
/// <param name="Server">Who answered.</param>
/// <param name="WasReused">On a connection that had carried messages before.</param>
internal readonly record struct Attempt(SendResult? Result, string? Failure, IPEndPoint? Server, bool WasReused)
{
    public bool IsUnreachable => Result is null or SendResult.Failed;

    /// <summary>Nothing can have been delivered, so trying once more makes no second copy.</summary>
    public bool IsSafeToRepeat => Result is null or SendResult.Failed { MayHaveBeenDelivered: false } || SaysGoodbye;

    /// <summary>A kept connection that answers 421 was closed by the server's own clock (RFC 5321 §3.8), not because of this message.</summary>
    private bool SaysGoodbye => WasReused && Result is SendResult.Refused { Reply.Code: 421, Stage: Verb.Mail };
}

/// <summary>
/// A next hop with its connections, its time budget and its circuit breaker: a smart host that is down is not asked by every
/// message, and answers again within seconds of its return.
/// </summary>
internal sealed class SmartHost : INextHop, IAsyncDisposable
{
    private static readonly ResiliencePropertyKey<int> Tries = new("tries");

    private readonly SmartHostPool _pool;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<Attempt> _pipeline;

    public SmartHost(SmartHostOptions options, DeliveryOptions delivery, string heloName, IDnsResolver resolver, TimeProvider time)
    {
        Options = options;
        _time = time;
        _pool = new(options, heloName, resolver, time);
        _pipeline = new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddTimeout(delivery.Deadline)
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                // A kept connection may have died unseen; a new one that fails tells the truth.
                ShouldHandle = static outcome => ValueTask.FromResult(outcome.Outcome.Result is { WasReused: true, IsSafeToRepeat: true }),
                MaxRetryAttempts = 1,
                Delay = TimeSpan.Zero,
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Attempt>
            {
                ShouldHandle = static outcome => ValueTask.FromResult(outcome.Outcome.Result is { IsUnreachable: true, WasReused: false }),
                FailureRatio = 0.9,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(3),
            })
            .Build();
    }

    public SmartHostOptions Options { get; }

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
        catch (TimeoutRejectedException error)
        {
            return Unavailable($"no answer within {error.Timeout.TotalSeconds:0} s", Count(context), started);
        }
        catch (BrokenCircuitException)
        {
            return Unavailable("it did not answer just now, and is not asked for a few seconds", Count(context), started);
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
        var lease = await _pool.RentAsync(fresh: tries > 0, context.CancellationToken);
        if (lease is not { Client: { } client, Server: { } server })
            return new(null, lease.Failure, null, false);
        try
        {
            return new(await client.SendAsync(envelope, message, context.CancellationToken), null, server, lease.WasReused);
        }
        finally
        {
            await _pool.ReturnAsync(client, server);
        }
    }

    private RelayResult Result(Attempt attempt, int tries, long started) => attempt.Result switch
    {
        SendResult.Delivered delivered => Answered(delivered.Reply, attempt, tries, started,
            delivered.EightBitUnannounced ? "8-bit content was sent unchanged to a smart host without 8BITMIME" : null),
        SendResult.Refused { Reply.Code: 530 or 534 or 535 or 538 } refused => NotConfigured(refused.Reply, attempt, tries, started),
        SendResult.Refused refused => Answered(refused.Reply, attempt, tries, started, Refusal(refused)),
        SendResult.Failed failed => Unavailable(failed.Reason, tries, started, attempt.Server),
        _ => Unavailable(attempt.Failure ?? "no connection", tries, started),
    };

    private static string Refusal(SendResult.Refused refused) =>
        refused.Recipient is { } recipient ? $"refused at {refused.Stage} for {recipient}" : $"refused at {refused.Stage}";

    /// <summary>The smart host's own reply, class and text; RFC 2034 §4 wants an enhanced status where it gave none.</summary>
    private RelayResult Answered(Reply reply, Attempt attempt, int tries, long started, string? note) =>
        new(reply.Status is null ? new(reply.Code, 0, 0, reply.Lines) : reply, attempt.Server, tries, attempt.WasReused, Since(started), note);

    /// <summary>"Authentication required" (RFC 4954 §6) is about us and not about the message: a 5xx would bounce all mail.</summary>
    private RelayResult NotConfigured(Reply reply, Attempt attempt, int tries, long started) =>
        new(new(451, 3, 5, "The next hop wants this gateway to authenticate; its operator has been told, try again later"),
            attempt.Server, tries, attempt.WasReused, Since(started), $"the smart host wants authentication: {reply}");

    private RelayResult Unavailable(string reason, int tries, long started, IPEndPoint? server = null) =>
        new(new(451, 4, 1, "Next hop unavailable, try again later"), server, tries, false, Since(started), reason);

    private TimeSpan Since(long started) => _time.GetElapsedTime(started);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
