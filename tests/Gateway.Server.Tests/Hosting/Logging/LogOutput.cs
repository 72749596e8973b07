using System.Text;
using Gateway.Lab.Conversations;
using Gateway.Server.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Hosting.Logging;

/// <summary>An output for the log that can be blocked, as a pipe is that nobody reads, and that can fail, as a full disk does.</summary>
internal sealed class LogOutput : Stream
{
    private readonly MemoryStream _written = new();
    private readonly ManualResetEventSlim _mayWrite = new(initialState: true);
    private readonly SemaphoreSlim _blocked = new(0);
    private readonly SemaphoreSlim _failed = new(0);
    private bool _fails;

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public string Text
    {
        get
        {
            lock (_written)
                return Encoding.UTF8.GetString(_written.ToArray());
        }
    }

    public IReadOnlyList<string> Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A log at a clock that stands still.</summary>
    public LogWriter Writer(ILogLayout layout) => new(this, layout, new StagedTime(Noon));

    /// <summary>Writes what is logged, to its end.</summary>
    public static Task<string> OfAsync(ILogLayout layout, Action<ILogger> log) => OfAsync(layout, logger =>
    {
        log(logger);
        return Task.CompletedTask;
    });

    public static async Task<string> OfAsync(ILogLayout layout, Func<ILogger, Task> log)
    {
        await using var output = new LogOutput();
        using var writer = output.Writer(layout);
        await log(writer.CreateLogger("Gateway.Test"));
        await writer.CloseAsync(TimeSpan.FromMinutes(1));
        return output.Text;
    }

    public void Block() => _mayWrite.Reset();

    public void Release() => _mayWrite.Set();

    /// <summary>Until the log's thread hangs in a write.</summary>
    public Task HangsAsync() => _blocked.WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>The next write fails after half of its octets.</summary>
    public void FailOnce() => Volatile.Write(ref _fails, true);

    public Task HasFailedAsync() => _failed.WaitAsync(TimeSpan.FromMinutes(1));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (!_mayWrite.IsSet)
            _blocked.Release();
        _mayWrite.Wait();
        var fails = Interlocked.Exchange(ref _fails, false);
        lock (_written)
            _written.Write(fails ? buffer[..(buffer.Length / 2)] : buffer);
        if (!fails)
            return;
        _failed.Release();
        throw new IOException("No space left on device");
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Whoever still hangs in a write goes on, and finds nothing more to do.
            _mayWrite.Set();
            _blocked.Dispose();
            _failed.Dispose();
        }
        base.Dispose(disposing);
    }
}
