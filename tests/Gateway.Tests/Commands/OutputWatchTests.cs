using System.IO.Pipes;
using Gateway.Commands;

namespace Gateway.Tests.Commands;

public sealed class OutputWatchTests
{
    [Fact]
    public async Task A_pipe_that_nobody_reads_any_more_cancels_and_one_that_is_read_does_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "POSIX");
        using var closing = new CancellationTokenSource();
        await using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        var descriptor = (int)output.SafePipeHandle.DangerousGetHandle();

        Assert.False(PollDescriptor.IsUnheard(descriptor));
        var watching = OutputWatch.CancelWhenUnheardAsync(descriptor, closing, TimeProvider.System);
        Assert.False(watching.IsCompleted);

        output.DisposeLocalCopyOfClientHandle();
        await watching;
        Assert.True(closing.IsCancellationRequested);
    }

    [Fact]
    public async Task Watching_ends_with_what_is_watched()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "POSIX");
        using var closing = new CancellationTokenSource();
        await using var output = new AnonymousPipeServerStream(PipeDirection.Out);
        var watching = OutputWatch.CancelWhenUnheardAsync((int)output.SafePipeHandle.DangerousGetHandle(), closing, TimeProvider.System);

        await closing.CancelAsync();

        await watching;
    }
}
