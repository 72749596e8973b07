namespace Gateway.Dns;

/// <summary>One time limit for all that a question needs.</summary>
internal readonly struct Deadline(TimeProvider time, TimeSpan allowed)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Remaining => allowed - time.GetElapsedTime(_start);

    public bool IsSpent => Remaining <= TimeSpan.Zero;
}
