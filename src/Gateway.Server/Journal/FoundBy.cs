using Gateway.Policy;

namespace Gateway.Server.Journal;

/// <summary>
/// A finding without its sentence: what the statistics keep of it. There are few different ones, so that a year of mail has a
/// few hundred combinations of them. Written as <c>require-ptr monitor reject rdns-none</c>.
/// </summary>
internal readonly record struct FoundBy(string Check, CheckMode Mode, Decision Decision, string? Reason)
{
    public const string Separator = "; ";

    /// <summary>Stands where a check stands: relay control refused a recipient.</summary>
    public const string RelayControl = "relay-control";

    /// <summary>Stands where a check stands: the smart host refused a recipient or the message in its own words.</summary>
    public const string SmartHost = "smart-host";

    /// <summary>Whether a check of a profile found it.</summary>
    public bool IsByCheck => Check is not (RelayControl or SmartHost);

    /// <summary>Whether it speaks against the client; be it that nobody acted on it.</summary>
    public bool IsAgainst => Decision is Decision.Defer or Decision.Reject;

    public static IReadOnlyList<FoundBy> ParseAll(string text) =>
        text.Length == 0 ? [] : [.. text.Split(Separator).Select(Parse)];

    private static FoundBy Parse(string text)
    {
        var words = text.Split(' ');
        return new(words[0], Enum.Parse<CheckMode>(words[1], ignoreCase: true), Enum.Parse<Decision>(words[2], ignoreCase: true), words.ElementAtOrDefault(3));
    }

    public override string ToString() =>
        $"{Check} {SessionDescription.Word(Mode)} {SessionDescription.Word(Decision)}{(Reason is null ? "" : $" {Reason}")}";
}
