using System.Diagnostics.CodeAnalysis;

namespace Gateway.Dns;

/// <summary>How a name misbehaves when it is asked for: what a receiver of mail must live with, on demand. A closed family.</summary>
public abstract record Fault
{
    /// <summary>The words for all of them.</summary>
    public const string Allowed = "servfail, refuse, drop, nxdomain, truncate, malformed, wrong-id, lame, delay TIME";

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
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Fault? fault) => TryParse(text, out fault, out _);

    /// <param name="text">What stands behind the name and the type.</param>
    /// <param name="fault">Null when it is none.</param>
    /// <param name="problem">The word that is wrong, and what may stand there.</param>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Fault? fault, [NotNullWhen(false)] out string? problem)
    {
        Fault? named = null;
        TimeSpan? delay = null;
        fault = null;
        problem = null;
        var words = text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length && problem is null; i++)
        {
            if (IsDelay(words[i]))
                problem = delay is not null ? $"\"{words[i]}\": a delay is given already" : ReadTime(words.ElementAtOrDefault(++i), out delay);
            else if (named is not null)
                problem = $"\"{words[i]}\": {named} is given already";
            else if ((named = Named(words[i])) is null)
                problem = $"\"{words[i]}\" is not a fault: use {Allowed}";
        }
        if (problem is null && named is null && delay is null)
            problem = $"the fault is missing: use {Allowed}";
        if (problem is not null)
            return false;
        fault = delay is { } by ? new Delay(by, named) : named!;
        return true;
    }

    private static string? ReadTime(string? word, out TimeSpan? delay)
    {
        delay = word is not null && TimeUnits.TryReadFine(word, out var time) ? time : null;
        return delay is not null ? null : $"{(word is null ? "the time of the delay is missing" : $"\"{word}\" is not a time")}: use one such as 500ms, 3s or 2m";
    }

    /// <summary>Whether a fault may begin so.</summary>
    internal static bool IsWord(string word) => IsDelay(word) || Named(word) is not null;

    private static bool IsDelay(string word) => word.Equals("delay", StringComparison.OrdinalIgnoreCase);

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
