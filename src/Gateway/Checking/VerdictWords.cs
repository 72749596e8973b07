using Gateway.Policy.Facts;
using Gateway.Server.Checking;
using Spectre.Console;

namespace Gateway.Checking;

/// <summary>Words the verdict on one address, in one or two sentences.</summary>
internal static class VerdictWords
{
    /// <param name="report">The verdict.</param>
    /// <param name="kind">The kind of receivers that count, in the plural.</param>
    public static string Of(CheckReport report, string kind)
    {
        var all = report.Forecasts.Count;
        var (refuse, defer, accept) = (report.Count(ReceiverAnswer.Refuse), report.Count(ReceiverAnswer.Defer), report.Count(ReceiverAnswer.Accept));
        var subject = report.Host is { } host ? $"{report.Address} ({host})" : report.Address.ToString();
        return Judged() + Listed(report);

        string Judged() => report.Answer switch
        {
            CheckAnswer.Private => $"{subject} cannot be checked: {report.Private}, so no receiver on the Internet ever sees it.",
            CheckAnswer.Accepted => $"{subject} would be accepted by {(all == 1 ? "the receiver" : $"all {all} {kind}")}.",
            CheckAnswer.Refused when all == 1 => $"{subject} would be refused by the receiver.",
            CheckAnswer.Refused => $"{subject} would be refused by {Of(refuse)}{Others(defer, "would ask it to try again later")}{Others(accept, "would accept it")}.",
            CheckAnswer.Deferred when all == 1 => $"{subject} would be asked by the receiver to try again later.",
            CheckAnswer.Deferred => $"{subject} would be asked to try again later by {Of(defer)}{Others(accept, "would accept it")}.",
            _ => $"The DNS did not answer, so {subject} cannot be judged now. {defer} of {all} {kind} would ask it to try again later; {accept} would accept it.",
        };

        string Of(int count) => count == all ? $"all {all} {kind}" : $"{count} of {all} {kind}";
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

    private static string Others(int count, string would) => count == 0 ? "" : $"; {count} {would}";
}
