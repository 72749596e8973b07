using System.Net;
using Gateway.Dns;

namespace Gateway.Lab;

/// <summary>One conversation file: what is said, in what circumstances, and what must come of it.</summary>
/// <param name="Path">Where it was read, for messages.</param>
/// <param name="Title">The first comment line.</param>
/// <param name="Explanation">The comment lines after it, up to the first other line.</param>
/// <param name="Setting">What holds from the start.</param>
/// <param name="Steps">What is done and demanded, in order.</param>
public sealed record Conversation(
    string Path, string Title, IReadOnlyList<string> Explanation, ConversationSetting Setting, IReadOnlyList<Step> Steps)
{
    /// <summary>The same before a server that may have any name: where the file has its host name, there may be another.</summary>
    public Conversation ForAnyHost() => this with
    {
        Steps =
        [
            .. Steps.Select(step => step switch
            {
                Step.Expect expect => expect with { Pattern = expect.Pattern.WithAny(Setting.HostName) },
                Step.PassOver any => any with { Pattern = any.Pattern.WithAny(Setting.HostName) },
                _ => step,
            }),
        ],
    };
}

/// <summary>The circumstances: everything that is decided before the first octet flows.</summary>
public sealed record ConversationSetting
{
    /// <summary>What the server calls itself where a file does not say.</summary>
    public const string UsualHostName = "mx.gateway.test";

    /// <summary>Whom the server sees: the lab's well-kept client unless the file names another.</summary>
    public IPAddress Client { get; init; } = IPAddress.Parse("192.0.2.10");

    /// <summary>Which of the lab's zones exist, by file name; none named means all.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    public string Profile { get; init; } = "standard";

    /// <summary>Configuration keys that differ from the lab's (<c>Limits:MessageSize</c>) and their values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Overrides { get; init; } = [];

    /// <summary>What the server calls itself.</summary>
    public string HostName => Overrides.LastOrDefault(static pair => pair.Key.Equals("HostName", StringComparison.OrdinalIgnoreCase)).Value ?? UsualHostName;

    /// <summary>How the smart host answers from the start.</summary>
    public IReadOnlyList<SmartHostAnswer> SmartHost { get; init; } = [];

    /// <summary>Smart hosts beside the usual one, which takes what is left for it.</summary>
    public IReadOnlyList<NamedSmartHost> SmartHosts { get; init; } = [];

    /// <summary>How names misbehave from the start, beside what the zones say.</summary>
    public IReadOnlyList<FaultChange> Faults { get; init; } = [];

    /// <summary>The directives of the circumstances that the file has, in its order: what a server elsewhere may not offer.</summary>
    public IReadOnlyList<string> Directives { get; init; } = [];
}
