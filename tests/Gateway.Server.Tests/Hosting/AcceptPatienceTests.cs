using System.Net;
using System.Net.Sockets;
using Gateway.Server.Hosting.Listening;
using Gateway.Tests;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Hosting;

/// <summary>What happens while the system has no connection to give because descriptors are used up.</summary>
public sealed class AcceptPatienceTests
{
    private static readonly IPEndPoint Endpoint = new(IPAddress.Loopback, 25);

    private readonly ManualTime _time = new();
    private readonly List<string> _lines = [];
    private readonly AcceptPatience _patience;
    private int _tries;
    private SocketError _error = SocketError.TooManyOpenSockets;

    public AcceptPatienceTests() => _patience = new(new(null, static () => 0), _time, new Lines(_lines));

    [Fact]
    public async Task Without_a_descriptor_it_waits_between_tries_and_warns_once()
    {
        var accepting = AcceptAsync(CancellationToken.None);
        for (var i = 1; i <= 100; i++)
        {
            Assert.Equal(i, _tries);
            await _time.WhenWaitingForAsync(AcceptPatience.Wait);
            _time.Advance(AcceptPatience.Wait);
        }

        Assert.Contains("has used nearly all of its file descriptors", Assert.Single(_lines), StringComparison.Ordinal);
        Assert.False(accepting.IsCompleted);
        await LetGoAsync(accepting);
    }

    [Fact]
    public async Task When_few_descriptors_are_left_for_the_process_no_client_is_accepted_before_enough_are_free_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells how many descriptors are open");
        using var probe = NewSocket();
        var open = 1000;
        // A limit so low that the next socket is one of the last.
        var headroom = new DescriptorHeadroom((int)probe.Handle + 2, () => open);
        var patience = new AcceptPatience(headroom, _time, new Lines(_lines));
        ValueTask<Socket> Accept() => new(NewSocket());

        using var last = await patience.AcceptAsync(Accept, Endpoint, CancellationToken.None);
        Assert.Contains("has used nearly all of its file descriptors", Assert.Single(_lines), StringComparison.Ordinal);
        var next = patience.AcceptAsync(Accept, Endpoint, CancellationToken.None).AsTask();
        for (var i = 0; i < 10; i++)
        {
            await _time.WhenWaitingForAsync(AcceptPatience.Wait);
            Assert.False(next.IsCompleted);
            _time.Advance(AcceptPatience.Wait);
        }
        await _time.WhenWaitingForAsync(AcceptPatience.Wait);
        open = (int)probe.Handle + 2 - headroom.Size - (headroom.Size / 2);
        _time.Advance(AcceptPatience.Wait);
        (await next.WaitAsync(TimeSpan.FromMinutes(1)))!.Dispose();
        Assert.Single(_lines);
    }

    [Theory]
    [InlineData("Max open files            320                  524288               files     ", 320)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             95956                95956                processes ", null)]
    public void The_limit_is_the_soft_one_of_open_files(string line, int? limit) =>
        Assert.Equal(limit, DescriptorHeadroom.LimitIn(["Limit                     Soft Limit           Hard Limit           Units     ", line]));

    [Fact]
    public async Task A_place_that_gets_free_now_and_then_is_no_recovery_and_no_new_warning()
    {
        for (var i = 0; i < 20; i++)
        {
            _error = SocketError.TooManyOpenSockets;
            await LetGoAsync(AcceptAsync(CancellationToken.None));
        }
        Assert.Single(_lines);

        _time.Advance(AcceptPatience.Calm);
        using var client = await AcceptAsync(CancellationToken.None);

        Assert.Equal(2, _lines.Count);
        Assert.Contains("accepting connections on 127.0.0.1:25 again, after 5 s", _lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_shortage_is_warned_of_again()
    {
        await LetGoAsync(AcceptAsync(CancellationToken.None));
        _time.Advance(AcceptPatience.Calm);
        (await AcceptAsync(CancellationToken.None))!.Dispose();

        _error = SocketError.NoBufferSpaceAvailable;
        await LetGoAsync(AcceptAsync(CancellationToken.None));

        Assert.Equal(3, _lines.Count);
    }

    [Theory]
    [InlineData(SocketError.ConnectionReset)]
    [InlineData(SocketError.ConnectionAborted)]
    public async Task A_client_that_hung_up_in_the_backlog_costs_the_next_one_no_time(SocketError error)
    {
        _error = error;
        using var client = await _patience.AcceptAsync(
            () => ++_tries < 3 ? throw new SocketException((int)error) : new(NewSocket()), Endpoint, CancellationToken.None);

        Assert.NotNull(client);
        Assert.Empty(_lines);
        Assert.Equal(0, _time.TimersMade);
    }

    [Fact]
    public async Task A_listener_that_is_unbound_does_not_wait_for_a_descriptor()
    {
        using var unbound = new CancellationTokenSource();
        var accepting = AcceptAsync(unbound.Token);
        await _time.WhenWaitingForAsync(AcceptPatience.Wait);

        await unbound.CancelAsync();

        Assert.Null(await accepting.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    // A descriptor gets free.
    private async Task LetGoAsync(Task<Socket?> accepting)
    {
        await _time.WhenWaitingForAsync(AcceptPatience.Wait);
        _error = SocketError.Success;
        _time.Advance(AcceptPatience.Wait);
        (await accepting.WaitAsync(TimeSpan.FromMinutes(1)))!.Dispose();
    }

    private Task<Socket?> AcceptAsync(CancellationToken unbound) => _patience.AcceptAsync(
        () =>
        {
            Interlocked.Increment(ref _tries);
            return _error == SocketError.Success ? new(NewSocket()) : throw new SocketException((int)_error);
        },
        Endpoint, unbound).AsTask();

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private sealed class Lines(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));
    }
}
