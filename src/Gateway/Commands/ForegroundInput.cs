using System.Runtime.InteropServices;

namespace Gateway.Commands;

/// <summary>
/// The input of a terminal, read only while this job is in the foreground and a line is there. The system stops a job that reads in the
/// background (SIGTTIN), and with it the servers in it. <c>gateway lab &amp;</c> must go on, and must read again after <c>fg</c>.
/// </summary>
internal sealed class ForegroundInput(Stream terminal, Func<bool> mayRead, TimeProvider time) : Stream
{
    // The terminal keeps what is typed during the pause.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Standard input: the terminal, a file or a pipe.</summary>
    public static Stream OfProcess()
    {
        var input = Console.OpenStandardInput();
        return OperatingSystem.IsWindows() || Console.IsInputRedirected ? input : new ForegroundInput(input, HasLineForUs, TimeProvider.System);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Ctrl-D does not end the input, because more can be typed after it. If the terminal is gone, no job is in its foreground.
            if (mayRead() && await terminal.ReadAsync(buffer, cancellationToken) is > 0 and var count)
                return count;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It waits, and is read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            terminal.Dispose();
        base.Dispose(disposing);
    }

    private static bool HasLineForUs()
    {
        const int input = 0;
        return ForegroundGroup(input) == OwnGroup() && PollDescriptor.Occurs(input, PollDescriptor.Readable);
    }

    [DllImport("libc", EntryPoint = "tcgetpgrp")]
    private static extern int ForegroundGroup(int descriptor);

    [DllImport("libc", EntryPoint = "getpgrp")]
    private static extern int OwnGroup();
}
