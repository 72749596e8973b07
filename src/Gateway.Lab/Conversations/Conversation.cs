using System.Net;
using System.Text;
using Gateway.Dns;
using Gateway.Lab.Exchange;
using Gateway.Lab.SmartHosts;

namespace Gateway.Lab.Conversations;

/// <summary>One conversation file: what is said, in what circumstances, and what must come of it.</summary>
/// <param name="Path">Where it was read, for messages.</param>
/// <param name="Title">The first comment line.</param>
/// <param name="Explanation">The comment lines after it, up to the first other line.</param>
/// <param name="Setting">What holds from the start.</param>
/// <param name="Steps">What is done and demanded, in order.</param>
public sealed record Conversation(
    string Path, string Title, IReadOnlyList<string> Explanation, ConversationSetting Setting, IReadOnlyList<Step> Steps)
{
    /// <summary>The message that the client has for this server: the server may refuse before any of it is said.</summary>
    /// <param name="date">When it is sent.</param>
    /// <param name="sender">Null: the first sender that the file says, or that of KB300171.</param>
    /// <param name="recipient">Null: the first recipient that the file says, or a user of the receiver.</param>
    internal QueuedMessage QueuedMessage(DateTimeOffset date, string? sender, string? recipient) => new()
    {
        Server = $"[{Setting.Client}]",
        Sender = sender ?? FirstPath("MAIL FROM:") ?? "user@source.com",
        Recipients = [recipient ?? FirstPath("RCPT TO:") ?? $"user@{Setting.AcceptedDomain}"],
        Date = date,
    };

    private string? FirstPath(string command) => Steps.OfType<Step.Send>()
        .SelectMany(static send => Encoding.UTF8.GetString(send.Octets.Span).Split("\r\n"))
        .Where(line => line.StartsWith(command, StringComparison.OrdinalIgnoreCase))
        .Select(AttemptReader.Path).FirstOrDefault();

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

    /// <summary>Records that stand in place of those that the zones have of the same name and type.</summary>
    public IReadOnlyList<ResourceRecord> Records { get; init; } = [];

    public string Profile { get; init; } = "standard";

    /// <summary>The file is about what arrives together: its octets are never cut.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Configuration keys that differ from the lab's (<c>Limits:MessageSize</c>) and their values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Overrides { get; init; } = [];

    /// <summary>What the server calls itself.</summary>
    public string HostName => Overridden("HostName") ?? UsualHostName;

    /// <summary>The first domain whose mail the server takes.</summary>
    public string AcceptedDomain => Overridden("Relay:AcceptedDomains:0") ?? "gateway.test";

    private string? Overridden(string key) => Overrides.LastOrDefault(pair => pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>How the smart host answers from the start.</summary>
    public IReadOnlyList<SmartHostAnswer> SmartHost { get; init; } = [];

    /// <summary>Smart hosts beside the usual one, which takes what is left for it.</summary>
    public IReadOnlyList<NamedSmartHost> SmartHosts { get; init; } = [];

    /// <summary>How names misbehave from the start, beside what the zones say.</summary>
    public IReadOnlyList<FaultChange> Faults { get; init; } = [];

    /// <summary>The directives of the circumstances that the file has, in its order: what a server elsewhere may not offer.</summary>
    public IReadOnlyList<string> Directives { get; init; } = [];
}
