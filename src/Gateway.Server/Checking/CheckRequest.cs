using System.Net;
using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Server.Checking;

/// <summary>What <c>gateway check</c> was asked.</summary>
internal sealed record CheckRequest
{
    // A domain of RFC 2606 that nobody exempts.
    public static readonly ForwardPath Somebody = new(new("someone", "receiver.example"));

    public required IReadOnlyList<CheckSubject> Subjects { get; init; }

    /// <summary>Null: the confirmed name, or the address.</summary>
    public Helo? Helo { get; init; }

    /// <summary>Null: the null reverse-path, of which nothing can be asked.</summary>
    public ReversePath? From { get; init; }

    public ForwardPath To { get; init; } = Somebody;

    public required ReceiverChoice Receivers { get; init; }

    /// <summary>The block lists to ask; none unless that was wanted.</summary>
    public IReadOnlyList<PublicList> Lists { get; init; } = [];

    /// <summary>The domain whose MX hosts are greeted; null when none are.</summary>
    public string? ProbeDomain { get; init; }

    public int ProbePort { get; init; } = 25;

    /// <summary>Records that are laid over the real DNS.</summary>
    public IReadOnlyList<ResourceRecord> Assumed { get; init; } = [];

    public required IReadOnlyList<IPEndPoint> Servers { get; init; }

    /// <summary>Null looks where systems keep it.</summary>
    public string? PublicSuffixFile { get; init; }

    /// <summary>For all look-ups of one kind about one address.</summary>
    public required TimeSpan Deadline { get; init; }
}
