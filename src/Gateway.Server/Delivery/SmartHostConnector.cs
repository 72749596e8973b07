using System.Net;
using Gateway.Dns;
using Gateway.Server.Configuration;
using Gateway.Smtp;
using Polly;
using Polly.CircuitBreaker;

namespace Gateway.Server.Delivery;

/// <summary>
/// Opens connections to one smart host. The circuit breaker guards connecting and not deliveries: a smart host that is down is not tried for
/// every message, and open connections and slow messages do not open the circuit.
/// </summary>
internal sealed class SmartHostConnector
{
    /// <summary>
    /// The limit for greeting, EHLO, TLS and AUTH together. RFC 5321 §4.5.3.2 gives minutes for each, for a queue. Here a client is waiting, and
    /// while the circuit breaker lets one message try, the other clients are asked to try again later.
    /// </summary>
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(30);

    private readonly SmartHostOptions _options;
    private readonly SmtpClientOptions _clientOptions;
    private readonly SmartHostAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly TrustedAuthorities? _authorities;
    private readonly ResiliencePipeline<Lease> _breaker;

    public SmartHostConnector(SmartHostOptions options, string heloName, IDnsResolver resolver, TimeProvider time, Func<ILogger> logger)
    {
        _options = options;
        _time = time;
        _addresses = new(options, resolver);
        _authorities = options.CaFile is { } file ? new(file, time, logger) : null;
        _clientOptions = new()
        {
            HeloName = heloName,
            Tls = options.Tls,
            TlsHostName = options.CertificateName ?? options.Host,
            Trust = options.PinnedKeys.Count > 0 ? ServerTrust.PublicKeys(options.PinnedKeys)
                : _authorities is { } authorities ? ServerTrust.Authorities(() => authorities.Current)
                : ServerTrust.System,
            Credentials = options is { UserName: { } user, Password: { } password } ? new(user, password) : null,
            RefuseUnannouncedEightBit = options.EightBit == EightBitHandling.Refuse,
            ConnectTimeout = options.ConnectTimeout,
        };
        _breaker = new ResiliencePipelineBuilder<Lease> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Lease>
            {
                ShouldHandle = static opened => ValueTask.FromResult(opened.Outcome.Result is { Client: null }),
                FailureRatio = 0.9,
                MinimumThroughput = 5,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(3),
            })
            .Build();
    }

    /// <summary>A new connection, ready for MAIL; or why there is none.</summary>
    public async ValueTask<Lease> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(static (connector, ct) => connector.TryAllAsync(ct), this, cancellationToken);
        }
        catch (BrokenCircuitException)
        {
            return Lease.None("it failed just now, so the gateway does not try again for a few seconds");
        }
    }

    private async ValueTask<Lease> TryAllAsync(CancellationToken cancellationToken)
    {
        var (endpoints, failure) = await _addresses.FindAsync(cancellationToken);
        Reply? refusal = null;
        foreach (var endpoint in endpoints)
        {
            var result = await TryAsync(endpoint, cancellationToken);
            if (result is ConnectResult.Connected { Client: var client })
                return new(client, endpoint, WasReused: false, null);
            failure = $"{endpoint}: {Words(result)}";
            refusal = (result as ConnectResult.Refused)?.Reply;
        }
        return Lease.None(failure, refusal);
    }

    private async ValueTask<ConnectResult> TryAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var limit = _options.ConnectTimeout + HandshakeLimit;
        using var late = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var result = await SmtpClient.ConnectAsync(endpoint, _clientOptions, _time, either.Token);
        // RFC 7435 §3: opportunistic means that broken TLS is no worse than none. Where TLS is required, nothing lowers it.
        if (result is ConnectResult.Failed { InHandshake: true } && _options.Tls == TlsUse.Opportunistic)
            result = await SmtpClient.ConnectAsync(endpoint, _clientOptions with { Tls = TlsUse.None }, _time, either.Token);
        return result is ConnectResult.Failed && late.IsCancellationRequested
            ? new ConnectResult.Failed($"it was not ready for mail within {limit.TotalSeconds:0} s")
            : result;
    }

    private static string Words(ConnectResult result) => result switch
    {
        ConnectResult.Refused refused => $"it refused the connection with {refused.Reply}",
        ConnectResult.Failed failed => failed.Reason,
        _ => "connected",
    };
}
