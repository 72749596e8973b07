namespace Gateway.Commands;

/// <summary>
/// Notices that nobody reads the output any more. .NET ignores the error of a closed pipe, so a short command that is piped into
/// <c>head</c> ends normally. But a command that runs until it is stopped would go on unseen.
/// </summary>
internal static class OutputWatch
{
    private const int StandardOutput = 1;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Cancels when nobody reads the standard output any more.</summary>
    public static Task CancelWhenUnheardAsync(CancellationTokenSource closing) =>
        OperatingSystem.IsWindows() || !Console.IsOutputRedirected ? Task.CompletedTask : CancelWhenUnheardAsync(StandardOutput, closing, TimeProvider.System);

    public static async Task CancelWhenUnheardAsync(int descriptor, CancellationTokenSource closing, TimeProvider time)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, time);
            while (!PollDescriptor.IsUnheard(descriptor))
                await timer.WaitForNextTickAsync(closing.Token);
            await closing.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // Closed for another reason.
        }
    }
}
