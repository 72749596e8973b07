using Gateway.Policy.Facts;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>The verdict about one address, in one or two sentences.</summary>
internal static class VerdictWords
{
    /// <param name="report">The verdict.</param>
    /// <param name="kind">What the receivers that count are, in the plural.</param>
    public static string Of(CheckReport report, string kind)
    {
        var all = report.Forecasts.Count;
        var (refuse, defer, accept) = (report.Count(ReceiverAnswer.Refuse), report.Count(ReceiverAnswer.Defer), report.Count(ReceiverAnswer.Accept));
        var subject = report.Host is { } host ? $"{report.Address} ({host})" : report.Address.ToString();
        return Judged() + Listed(report);

        string Judged() => report.Answer switch
        {
            CheckAnswer.Private => $"{subject} cannot be judged: {report.Private}, so no receiver on the Internet sees it.",
            CheckAnswer.Accepted => $"{subject} would be accepted by {(all == 1 ? "the receiver" : $"all {all} {kind}")}.",
            CheckAnswer.Refused when all == 1 => $"{subject} would be refused by the receiver.",
            CheckAnswer.Refused => $"{subject} would be refused: of {all} {kind} {Said(refuse, "refuse")}, {Said(defer, "defer")}, {Said(accept, "accept")}.",
            CheckAnswer.Deferred => $"{subject} would be put off: of {all} {kind} {Said(defer, "defer")}, {Said(accept, "accept")}.",
            _ => $"The DNS did not answer, so {subject} cannot be judged now. {defer} of {all} {kind} would ask it to try again later; {accept} would accept it.",
        };
    }

    public static Color ColourOf(CheckReport report) => report.ExitCode switch
    {
        ExitCode.Fine => Color.Green,
        ExitCode.No => Color.Red,
        _ => Color.Yellow,
    };

    private static string Listed(CheckReport report)
    {
        var answered = report.Lists.Count(static answer => answer.Standing is ListStanding.Listed or ListStanding.NotListed);
        return report.ListedCount == 0 ? ""
            : answered == 1 ? " It is on the block list that was asked."
            : $" It is on {report.ListedCount} of the {answered} block lists that answered.";
    }

    private static string Said(int count, string verb) => count == 1 ? $"1 {verb}s" : $"{count} {verb}";
}
