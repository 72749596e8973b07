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
    private readonly TimeProvider _time;
    private readonly TimeSpan _deadline;
    private readonly ResiliencePipeline<Attempt> _pipeline;

    public SmartHost(SmartHostOptions options, DeliveryOptions delivery, string heloName, IDnsResolver resolver, TimeProvider time)
    {
        Options = options;
        _time = time;
        _deadline = delivery.Deadline;
        _pool = new(options, new(options, heloName, resolver, time), time);
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
        SendResult.Failed { MayHaveBeenDelivered: true } failed =>
            Unavailable($"{failed.Reason}; it may have been taken, then the client's next try makes a second copy", tries, started, attempt.Server),
        SendResult.Failed failed => Unavailable(failed.Reason, tries, started, attempt.Server),
        _ => Unavailable(attempt.Failure ?? "no connection", tries, started),
    };

    private static string Refusal(SendResult.Refused refused) =>
        refused.Recipient is { } recipient ? $"refused at {Word(refused)} for {recipient}" : $"refused at {Word(refused)}";

    private static string Word(SendResult.Refused refused) => refused.Stage.ToString().ToUpperInvariant();

    private RelayResult Answered(Reply reply, Attempt attempt, int tries, long started, string? note) =>
        new(PassedOn(reply), attempt.Server, tries, attempt.WasReused, Since(started), note) { IsPassedOn = true };

    /// <summary>
    /// The smart host's own reply, class and text. RFC 2034 §4 wants an enhanced status where it gave none. Its 421 closes its
    /// connection with us (RFC 5321 §3.8); said to the client, it would close that one.
    /// </summary>
    private static Reply PassedOn(Reply reply) => reply switch
    {
        { Code: 421 } => new(451, reply.Status ?? new(4, 0, 0), reply.Lines),
        { Status: null } => new(reply.Code, 0, 0, reply.Lines),
        _ => reply,
    };

    /// <summary>"Authentication required" (RFC 4954 §6) is about us and not about the message: a 5xx would bounce all mail.</summary>
    private RelayResult NotConfigured(Reply reply, Attempt attempt, int tries, long started) =>
        new(new(451, 3, 5, "The next hop wants this gateway to authenticate; its operator has been told, try again later"),
            attempt.Server, tries, attempt.WasReused, Since(started), $"the smart host wants authentication: {reply}");

    private RelayResult Unavailable(string reason, int tries, long started, IPEndPoint? server = null) =>
        new(new(451, 4, 1, "Next hop unavailable, try again later"), server, tries, false, Since(started),
            Since(started) < _deadline ? reason : $"no answer within {_deadline.TotalSeconds:0} s ({reason})");

    private TimeSpan Since(long started) => _time.GetElapsedTime(started);

    public ValueTask DisposeAsync() => _pool.DisposeAsync();
}
