using System.Net;
using Gateway.Dns;
using Gateway.Policy;
using Gateway.Policy.Advising;
using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Server.Checking;

/// <summary>What one receiver would do.</summary>
internal enum ReceiverAnswer
{
    Refuse,
    Defer,
    Accept,
}

/// <summary>The answer about one address.</summary>
internal enum CheckAnswer
{
    /// <summary>Every receiver that counts accepts.</summary>
    Accepted,

    /// <summary>At least one refuses.</summary>
    Refused,

    /// <summary>None refuses, and at least one would ask the client to come again.</summary>
    Deferred,

    /// <summary>The DNS did not answer, so nothing is known.</summary>
    Unanswered,

    /// <summary>Nobody on the Internet sees this address.</summary>
    Private,
}

/// <summary>All that there is to say about one address.</summary>
/// <param name="Address">Never IPv4-mapped.</param>
/// <param name="Host">The host name that it was found under; null when the address itself was given.</param>
/// <param name="Private">Why the address is one that the world does not see; null when it is not.</param>
/// <param name="Helo">As given, or as chosen.</param>
/// <param name="IsHeloGuessed">Nobody said what the server says; the name is a guess.</param>
/// <param name="From">As given; null when it was not.</param>
/// <param name="To">The recipient.</param>
/// <param name="Client">The reverse DNS.</param>
/// <param name="Sender">The sender's domain; null when none was given.</param>
/// <param name="Trail">Every query, once.</param>
/// <param name="Findings">What each check says, whoever enforces it.</param>
/// <param name="Forecasts">What each receiver that counts would say: those that refuse first.</param>
/// <param name="Others">What the others would say: they do not count.</param>
/// <param name="Names">The PTR name compared with the names in HELO and MX.</param>
/// <param name="Lists">What block lists say; empty unless they were asked.</param>
/// <param name="Remedy">What to publish.</param>
internal sealed record CheckReport(
    IPAddress Address,
    DomainName? Host,
    string? Private,
    Helo Helo,
    bool IsHeloGuessed,
    ReversePath? From,
    ForwardPath To,
    ClientFacts Client,
    SenderDomainFacts? Sender,
    IReadOnlyList<TrailStep> Trail,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<Forecast> Forecasts,
    IReadOnlyList<Forecast> Others,
    IReadOnlyList<NameComparison> Names,
    IReadOnlyList<ListAnswer> Lists,
    Remedy Remedy)
{
    public static ReceiverAnswer AnswerOf(Forecast forecast) => forecast.Verdict.Decision switch
    {
        Decision.Reject => ReceiverAnswer.Refuse,
        Decision.Defer => ReceiverAnswer.Defer,
        _ => ReceiverAnswer.Accept,
    };

    public int Count(ReceiverAnswer answer) => Forecasts.Count(forecast => AnswerOf(forecast) == answer);

    /// <summary>What the DNS left open, though nobody may mind for the moment.</summary>
    private bool IsUnsettled => Client.Iprev == IprevStatus.TempError || Sender is { Status: SenderDomainStatus.TempError };

    public CheckAnswer Answer =>
        Private is not null ? CheckAnswer.Private
        : Count(ReceiverAnswer.Refuse) > 0 ? CheckAnswer.Refused
        : IsUnsettled ? CheckAnswer.Unanswered
        : Count(ReceiverAnswer.Defer) > 0 ? CheckAnswer.Deferred
        : CheckAnswer.Accepted;

    /// <summary>Block lists that have the address.</summary>
    public int ListedCount => Lists.Count(static answer => answer.Standing == ListStanding.Listed);

    public int ExitCode => Answer switch
    {
        CheckAnswer.Accepted or CheckAnswer.Deferred when ListedCount > 0 => Checking.ExitCode.No,
        CheckAnswer.Accepted => Checking.ExitCode.Fine,
        CheckAnswer.Refused => Checking.ExitCode.No,
        _ => Checking.ExitCode.CouldNotSay,
    };

    /// <summary>Of several: a no is a no, and what is open stays open.</summary>
    public static int Worse(int one, int other) => (one, other) switch
    {
        (Checking.ExitCode.No, _) or (_, Checking.ExitCode.No) => Checking.ExitCode.No,
        _ => Math.Max(one, other),
    };
}
