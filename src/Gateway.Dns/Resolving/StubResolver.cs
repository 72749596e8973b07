using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gateway.Dns;

/// <summary>
/// Asks name servers (RFC 1034 §5.3.1), recursive ones as well as authoritative ones. All that a network or a server does
/// becomes a <see cref="DnsAnswer"/> within one deadline; only the caller's own cancellation is an exception.
/// </summary>
#pragma warning disable CA1001 // A semaphore holds nothing to dispose until someone asks for its wait handle.
public sealed class StubResolver : IDnsResolver
#pragma warning restore CA1001
{
    private readonly StubResolverOptions _options;
    private readonly TimeProvider _time;
    private readonly NameServer[] _servers;
    private readonly ServerExchange _exchange;
    private readonly SemaphoreSlim _places;

    /// <param name="options">Read once, here and at each question: not to be changed afterwards.</param>
    /// <param name="time">All deadlines.</param>
    /// <param name="nextId">Message ids; unpredictable ones when null (RFC 5452 §9.2).</param>
    public StubResolver(StubResolverOptions options, TimeProvider time, Func<ushort>? nextId = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Deadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.AttemptTimeout, TimeSpan.Zero);
        _options = options;
        _time = time;
        _servers = [.. options.Servers.Select(server => new NameServer(server, time, options))];
        _exchange = new(options, time, nextId ?? UnpredictableId);
        _places = new(options.MaxConcurrent);
    }

    public async ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_servers.Length == 0)
            return TimedOut(question, "no name server is configured");
        var deadline = new Deadline(_time, _options.Deadline);
        if (!await EnterAsync(deadline, cancellationToken))
            return TimedOut(question, $"{_options.MaxConcurrent} other questions left no place until the deadline");
        try
        {
            return await new Lookup(question, _options, _servers, _exchange, deadline).RunAsync(cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    private async ValueTask<bool> EnterAsync(Deadline deadline, CancellationToken caller)
    {
        if (_places.Wait(0, CancellationToken.None))
            return true;
        using var timer = new CancellationTokenSource(deadline.Remaining, _time);
        using var link = caller.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), timer);
        try
        {
            await _places.WaitAsync(timer.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            caller.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static DnsAnswer TimedOut(DnsQuestion question, string detail) =>
        new(question, DnsStatus.TimedOut, [], [], TimeSpan.Zero, detail);

    private static ushort UnpredictableId()
    {
        Span<byte> id = stackalloc byte[2];
        RandomNumberGenerator.Fill(id);
        return BinaryPrimitives.ReadUInt16LittleEndian(id);
    }
}
