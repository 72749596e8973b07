using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gateway.Dns;

/// <summary>
/// Asks name servers (RFC 1034 §5.3.1), recursive ones as well as authoritative ones. All that a network or a server does
/// becomes a <see cref="DnsAnswer"/> within one deadline; only the caller's own cancellation is an exception.
/// </summary>
public sealed class StubResolver : IDnsResolver
{
    private readonly StubResolverOptions _options;
    private readonly TimeProvider _time;
    private readonly NameServer[] _servers;
    private readonly ServerExchange _exchange;
    private readonly QuestionPlaces _places;

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
        _places = new(options.MaxConcurrent, options.MaxSlow);
    }

    public async ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_servers.Length == 0)
            return TimedOut(question, "no name server is configured");
        var deadline = new Deadline(_time, _options.Deadline);
        return await EnterAsync(deadline, cancellationToken)
            ? await AskAsync(question, deadline, cancellationToken)
            : TimedOut(question, $"{_options.MaxConcurrent} other queries were open until the deadline, which is the limit");
    }

    private async ValueTask<DnsAnswer> AskAsync(DnsQuestion question, Deadline deadline, CancellationToken caller)
    {
        // Never disposed: it holds nothing, and whoever needs the place may still be on the way to it.
#pragma warning disable CA2000
        var givesWay = new CancellationTokenSource();
#pragma warning restore CA2000
        using var link = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), givesWay);
        var asking = new Lookup(question, _options, _servers, _exchange, deadline).RunAsync(givesWay.Token).AsTask();
        var isQuick = await IsQuickAsync(asking);
        if (isQuick)
            _places.Leave();
        var place = isQuick ? null : _places.MoveToSlow(givesWay);
        try
        {
            return await asking;
        }
        catch (OperationCanceledException) when (givesWay.IsCancellationRequested)
        {
            caller.ThrowIfCancellationRequested();
            return TimedOut(question, $"no answer had come when {_options.MaxSlow} later queries were as slow and needed its place");
        }
        finally
        {
            if (place is not null)
                _places.LeaveSlow(place);
        }
    }

    private async ValueTask<bool> IsQuickAsync(Task<DnsAnswer> asking)
    {
        if (asking.IsCompleted)
            return true;
        using var answered = new CancellationTokenSource();
        var isQuick = await Task.WhenAny(asking, Task.Delay(_options.QuickTime, _time, answered.Token)) == asking;
        await answered.CancelAsync();
        return isQuick;
    }

    private async ValueTask<bool> EnterAsync(Deadline deadline, CancellationToken caller)
    {
        if (_places.TryEnter())
            return true;
        using var timer = new CancellationTokenSource(deadline.Remaining, _time);
        using var link = caller.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), timer);
        try
        {
            await _places.EnterAsync(timer.Token);
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
