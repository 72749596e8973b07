using System.Net;
using Gateway.Dns;
using Gateway.Policy;
using Gateway.Policy.Advising;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;

namespace Gateway.Server.Checking;

/// <summary>One address as <c>--json</c> writes it; docs/check.md describes each key. Keys are added, never changed.</summary>
internal sealed record ReportDocument(
    string Address,
    string Answer,
    string? Private,
    string Helo,
    string? From,
    string To,
    IprevDocument Iprev,
    IReadOnlyList<StepDocument> Trail,
    IReadOnlyList<ReportFinding> Findings,
    IReadOnlyList<ReceiverDocument> Receivers,
    IReadOnlyList<StandingRecord> Standing,
    IReadOnlyList<Advice> Advice,
    string? Host,
    IReadOnlyList<ReceiverDocument> Others,
    IReadOnlyList<NameDocument> Names,
    IReadOnlyList<ListDocument> Lists)
{
    public static ReportDocument Of(CheckReport report) => new(
        report.Address.ToString(),
        report.ExitCode switch { ExitCode.Fine => "accepted", ExitCode.No => "refused", _ => "unknown" },
        report.Private,
        report.Helo.Name,
        report.From?.ToString(),
        report.To.ToString(),
        new(Word(report.Client.Iprev), report.Client.ConfirmedName?.ToString(), [.. report.Client.Names.Select(static name => name.Name.ToString())], report.Client.Detail),
        [.. report.Trail.Select(StepDocument.Of)],
        [.. report.Findings.Select(static finding => new ReportFinding(
            finding.Check, CheckFindings.AnswerOf(finding), finding.Outcome.ReasonId, finding.Outcome.Reason))],
        // No receiver sees a private address.
        report.Private is null ? [.. report.Forecasts.Select(ReceiverDocument.Of)] : [],
        report.Remedy.Standing,
        report.Remedy.Advice,
        report.Host?.ToString(),
        report.Private is null ? [.. report.Others.Select(ReceiverDocument.Of)] : [],
        [.. report.Names.Select(static name => new NameDocument(Word(name.Kind), name.Name, name.Agrees, name.Meaning))],
        [.. report.Lists.Select(ListDocument.Of)]);

    public static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}

internal sealed record ListDocument(string Zone, string Name, string Answer, IReadOnlyList<string> Values, string? Words, string Meaning, string? Removal)
{
    public static ListDocument Of(ListAnswer answer) => new(
        answer.List.Zone.ToString(), answer.List.Name, ReportDocument.Word(answer.Standing), [.. answer.Values.Select(static value => value.ToString())],
        answer.Words, answer.Meaning, answer.List.Removal);
}

internal sealed record NameDocument(string Kind, string Name, bool Agrees, string Meaning);

internal sealed record ProbeDocument(string Domain, int Port, IReadOnlyList<GreetedDocument> Hosts, IReadOnlyList<string> Remarks)
{
    public static ProbeDocument Of(ProbeReport report) => new(
        report.Domain, report.Port, [.. report.Hosts.Select(host => GreetedDocument.Of(report, host))], [.. report.Problems, .. report.RemarksOnAll()]);
}

internal sealed record GreetedDocument(
    string Name, string Address, int? Preference, string Verdict, string Meaning, string? GreetingName, string? EhloName,
    IReadOnlyList<string> Greeting, bool StartTls, string? Tls, int? Code, string? Status, IReadOnlyList<string> Words, IReadOnlyList<string> Remarks)
{
    public static GreetedDocument Of(ProbeReport report, GreetedHost host) => new(
        host.Host.Name, ((IPEndPoint)host.Host.Endpoint).Address.ToString(), host.Host.Preference, ReportDocument.Word(host.Verdict), report.Meaning(host),
        ProbeReport.Escaped(host.GreetingName), ProbeReport.Escaped(host.EhloName), Lines(host.Greeting), host.OffersStartTls, host.Tls,
        host.Answer?.Code, host.Answer?.Status?.ToString(), Lines(host.Answer), [.. ProbeReport.Remarks(host)]);

    private static string[] Lines(Smtp.Reply? reply) => [.. (reply?.Lines ?? []).Select(static line => ProbeReport.Escaped(line)!)];
}

internal sealed record IprevDocument(string Result, string? Name, IReadOnlyList<string> Names, string Detail);

internal sealed record StepDocument(string Name, string Type, string Status, string Answer, bool Assumed, double Milliseconds)
{
    public static StepDocument Of(TrailStep step) => new(
        step.Answer.Question.Name.ToString(),
        TrailWording.TypeOf(step.Answer.Question),
        ReportDocument.Word(step.Answer.Status),
        TrailWording.Of(step.Answer),
        step.Answer.Detail == OverlayResolver.Assumed,
        Math.Round(step.Elapsed.TotalMilliseconds, 3));
}

internal sealed record ReportFinding(string Check, string Answer, string? ReasonId, string Reason);

internal sealed record ReceiverDocument(
    string Profile, string Answer, string? Stage, int? Code, string? Status, IReadOnlyList<string> Words, string Text, string? Check, string? ReasonId,
    string Group)
{
    public static ReceiverDocument Of(Forecast forecast) => new(
        forecast.Profile.Name,
        ReportDocument.Word(CheckReport.AnswerOf(forecast)),
        forecast.Stage is { } stage ? ReportDocument.Word(stage) : null,
        forecast.Verdict.Reply?.Code,
        forecast.Verdict.Reply?.Status?.ToString(),
        ForecastWords.Lines(forecast) ?? [],
        ForecastWords.OriginOf(forecast) switch { TextOrigin.Authentic => "authentic", TextOrigin.Abridged => "abridged", _ => "not authentic" },
        forecast.Stage is null ? null : forecast.Verdict.DecidedBy?.Check,
        forecast.Stage is null ? null : forecast.Verdict.DecidedBy?.Outcome.ReasonId,
        ProfileKinds.WordOf(forecast.Profile));
}
