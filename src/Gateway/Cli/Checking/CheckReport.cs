using System.Net;
using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Cli.Checking;

/// <summary>What one receiver would do.</summary>
internal enum ReceiverAnswer
{
    Refuse,
    Defer,
    Accept,
}

/// <summary>All that there is to say about one address.</summary>
/// <param name="Address">Never IPv4-mapped.</param>
/// <param name="Private">Why the address is one that the world does not see; null when it is not.</param>
/// <param name="Helo">As given, or as chosen.</param>
/// <param name="From">As given; null when it was not.</param>
/// <param name="To">The recipient.</param>
/// <param name="Client">The reverse DNS.</param>
/// <param name="Sender">The sender's domain; null when none was given.</param>
/// <param name="Trail">Every query, once.</param>
/// <param name="Findings">What each check says, whoever enforces it.</param>
/// <param name="Forecasts">What each receiver would say: those that refuse first.</param>
/// <param name="Remedy">What to publish.</param>
internal sealed record CheckReport(
    IPAddress Address,
    string? Private,
    Helo Helo,
    ReversePath? From,
    ForwardPath To,
    ClientFacts Client,
    SenderDomainFacts? Sender,
    IReadOnlyList<TrailStep> Trail,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<Forecast> Forecasts,
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
    public bool IsUnsettled => Client.Iprev == IprevStatus.TempError || Sender is { Status: SenderDomainStatus.TempError };

    public int ExitCode => Count(ReceiverAnswer.Refuse) > 0 ? Cli.ExitCode.No
        : Count(ReceiverAnswer.Defer) > 0 || IsUnsettled ? Cli.ExitCode.CouldNotSay
        : Cli.ExitCode.Fine;

    /// <summary>Of several: a no is a no, and what is open stays open.</summary>
    public static int Worse(int one, int other) => (one, other) switch
    {
        (Cli.ExitCode.No, _) or (_, Cli.ExitCode.No) => Cli.ExitCode.No,
        _ => Math.Max(one, other),
    };
}
