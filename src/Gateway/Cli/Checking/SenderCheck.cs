using System.Net;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Cli.Checking;

/// <summary>
/// Looks an address up as the gateway does, with the same engine, and lets every receiver judge the same facts: one set of
/// look-ups, however many receivers there are.
/// </summary>
internal sealed class SenderCheck
{
    /// <summary>Addresses under way at once; each has a handful of queries.</summary>
    private const int MaxConcurrent = 16;

    // Whoever is asked about wants to know what is published: no exemption hides it.
    private static readonly Exemptions Nobody = new() { ExemptPrivate = false, Recipients = [] };
    private static readonly Exemptions Receivers = new() { ExemptPrivate = false };
    private static readonly Exemptions Private = new();
    private static readonly ReplyContext Context = new("mx.receiver.example", "check");

    private readonly CheckRequest _request;
    private readonly FactSources _sources;
    private readonly PublishedLookup _published;
    private readonly List<PolicyEngine> _engines;
    private readonly PolicyEngine _observer;

    /// <summary>In the DNS of the request's servers.</summary>
    public SenderCheck(CheckRequest request, TimeProvider time)
        : this(request, new CachingResolver(new StubResolver(new() { Servers = request.Servers, Deadline = request.Deadline }, time), new(), time), time)
    {
    }

    /// <summary>In any DNS.</summary>
    public SenderCheck(CheckRequest request, IDnsResolver dns, TimeProvider time)
    {
        _request = request;
        var options = new ReverseDnsOptions { Deadline = request.Deadline };
        // Above the cache: what is assumed is no answer of the DNS.
        var resolver = new OverlayResolver(dns, request.Assumed);
        _sources = new(resolver, options, time, PublicSuffixFile.Load(request.PublicSuffixFile));
        _published = new(resolver, options, time);
        _engines = [.. request.Profiles.Select(static profile => new PolicyEngine(profile, Receivers))];
        _observer = new(ProfileLibrary.Load(folder: null).Find("observe")!, Nobody, Stage.Data);
    }

    /// <summary>In the order of the request, a bounded number at once.</summary>
    public async IAsyncEnumerable<CheckReport> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var running = new Queue<Task<CheckReport>>();
        foreach (var address in _request.Addresses)
        {
            if (running.Count == MaxConcurrent)
                yield return await running.Dequeue();
            running.Enqueue(RunAsync(address, cancellationToken));
        }
        while (running.TryDequeue(out var report))
            yield return await report;
    }

    private async Task<CheckReport> RunAsync(IPAddress address, CancellationToken cancellationToken)
    {
        var facts = PolicyFacts.Start(address, _sources, cancellationToken);
        var client = await facts.Client.WaitAsync(cancellationToken);
        facts.Helo = _request.Helo ?? Chosen(client);
        facts.Sender = _request.From ?? default;
        facts.Recipient = _request.To;
        facts.Recipients = [_request.To];

        var forecasts = await Forecast.OfAllAsync(_engines, facts, Context, cancellationToken);
        var observed = await _observer.JudgeAsync(Stage.Data, facts, Context, cancellationToken);
        var sender = _request.From is null ? null : await facts.SenderDomainAsync();
        var published = await _published.LookupAsync(client, sender, _request.Helo?.Name, cancellationToken);
        var findings = Joined(observed.Findings, forecasts);
        return new(
            facts.Address,
            Private.ByAddress(facts.Address),
            facts.Helo.Value,
            _request.From,
            _request.To,
            client,
            sender,
            [.. facts.Trail.Concat(published.Trail).DistinctBy(static step => step.Answer.Question)],
            findings,
            [.. forecasts.OrderBy(CheckReport.AnswerOf).ThenBy(static forecast => forecast.Profile.Name, StringComparer.Ordinal)],
            Remedy.Of(published, [.. findings.Where(finding => IsAgainst(finding, facts.IsIPv6))]));
    }

    // RFC 5321 §4.1.1.1: a client that has no name says its address.
    private static Helo Chosen(ClientFacts client)
    {
        var name = client.Names.FirstOrDefault(static name => name.IsConfirmed)?.Name ?? client.Names.FirstOrDefault(static name => name.IsHostName)?.Name;
        return new(name?.ToString() ?? (client.IsIPv6 ? $"[IPv6:{client.Address}]" : $"[{client.Address}]"), IsExtended: true);
    }

    // All checks, and what a receiver says in a way of its own (its own lists, an exemption).
    private static List<Finding> Joined(IReadOnlyList<Finding> observed, IReadOnlyList<Forecast> forecasts)
    {
        var more = forecasts.SelectMany(static forecast => forecast.Verdict.Findings)
            .Where(finding => !observed.Any(known => known.Check == finding.Check && known.Outcome.Decision == finding.Outcome.Decision))
            .DistinctBy(static finding => (finding.Check, finding.Outcome));
        return [.. observed, .. more];
    }

    private bool IsAgainst(Finding finding, bool isIPv6) => finding.Outcome.Decision is Decision.Reject or Decision.Defer
        && _engines.Any(engine => engine.Profile.Checks.Any(rule => rule.Check.Name == finding.Check && rule.ModeFor(isIPv6) == CheckMode.Enforce));
}
