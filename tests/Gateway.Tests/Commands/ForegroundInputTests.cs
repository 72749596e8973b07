using Gateway.Commands;

namespace Gateway.Tests.Commands;

public sealed class ForegroundInputTests
{
    [Fact]
    public async Task A_job_in_the_background_does_not_read_until_it_has_the_terminal_again()
    {
        using var terminal = new MemoryStream("faults\n"u8.ToArray());
        var asked = 0;
        using var input = new StreamReader(new ForegroundInput(terminal, () =>
        {
            // What is read in the background stops the job.
            Assert.Equal(0, terminal.Position);
            return ++asked == 3;
        }, TimeProvider.System));

        Assert.Equal("faults", await input.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task Waiting_for_the_terminal_ends_with_the_lab()
    {
        using var closing = new CancellationTokenSource();
        using var input = new StreamReader(new ForegroundInput(Stream.Null, () => false, TimeProvider.System));
        var line = input.ReadLineAsync(closing.Token).AsTask();

        await closing.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => line);
    }
}
