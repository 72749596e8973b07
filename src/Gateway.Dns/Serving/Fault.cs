using System.Diagnostics.CodeAnalysis;

namespace Gateway.Dns;

/// <summary>How a name misbehaves when it is asked for: what a receiver of mail must live with, on demand. A closed family.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>The answer comes late, and is then the right one or <paramref name="Then"/>.</summary>
    public sealed record Delay(TimeSpan Time, Fault? Then = null) : Fault
    {
        public override string ToString() => $"delay {TimeUnits.Write(Time)}{(Then is null ? "" : $" {Then}")}";
    }

    /// <summary>No answer at all: the client runs into its time-out.</summary>
    public sealed record Drop : Fault
    {
        public override string ToString() => "drop";
    }

    /// <summary>SERVFAIL.</summary>
    public sealed record ServerFailure : Fault
    {
        public override string ToString() => "servfail";
    }

    /// <summary>REFUSED.</summary>
    public sealed record Refuse : Fault
    {
        public override string ToString() => "refuse";
    }

    /// <summary>NXDOMAIN, whatever the zone says: a record not yet published, without another zone file.</summary>
    public sealed record NameError : Fault
    {
        public override string ToString() => "nxdomain";
    }

    /// <summary>By UDP an empty answer with TC; by TCP the right one (RFC 7766 §5).</summary>
    public sealed record Truncate : Fault
    {
        public override string ToString() => "truncate";
    }

    /// <summary>The right header, then octets that are no message.</summary>
    public sealed record Malformed : Fault
    {
        public override string ToString() => "malformed";
    }

    /// <summary>The right answer under another id, as a late or a forged one would be: nobody may believe it (RFC 5452 §9.1).</summary>
    public sealed record WrongId : Fault
    {
        public override string ToString() => "wrong-id";
    }

    /// <summary>
    /// The server was delegated to and knows nothing (RFC 1912 §2.8): no answer, not authoritative, and a referral up to the
    /// root. RFC 2308 §2.2: a referral is no "no data".
    /// </summary>
    public sealed record Lame : Fault
    {
        public override string ToString() => "lame";
    }

    /// <summary>The fault without its delays, and the sum of these.</summary>
    public static (TimeSpan Delay, Fault? Then) Split(Fault? fault)
    {
        var delay = TimeSpan.Zero;
        for (; fault is Delay late; fault = late.Then)
            delay += late.Time;
        return (delay, fault);
    }

    /// <summary>Reads <c>servfail</c>, <c>delay 500ms</c>, or both in either order.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Fault? fault)
    {
        fault = null;
        TimeSpan? delay = null;
        var words = text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i].Equals("delay", StringComparison.OrdinalIgnoreCase))
            {
                if (delay is not null || ++i == words.Length || !TimeUnits.TryReadFine(words[i], out var time))
                    return false;
                delay = time;
            }
            else if (fault is not null || (fault = Named(words[i])) is null)
                return false;
        }
        if (delay is { } by)
            fault = new Delay(by, fault);
        return fault is not null;
    }

    private static Fault? Named(string word) => word.ToUpperInvariant() switch
    {
        "SERVFAIL" => new ServerFailure(),
        "REFUSE" => new Refuse(),
        "DROP" => new Drop(),
        "NXDOMAIN" => new NameError(),
        "TRUNCATE" => new Truncate(),
        "MALFORMED" => new Malformed(),
        "WRONG-ID" => new WrongId(),
        "LAME" => new Lame(),
        _ => null,
    };
}
