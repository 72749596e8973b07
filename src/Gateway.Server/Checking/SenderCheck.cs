using Gateway.Dns;
using Gateway.Policy;
using Gateway.Policy.Advising;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Server.Configuration;
using Gateway.Smtp;

namespace Gateway.Server.Checking;

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
    private static readonly ReplyContext Context = new("mx.receiver.example", "check");

    private readonly CheckRequest _request;
    private readonly HostNames _hosts;
    private readonly FactSources _sources;
    private readonly PublishedLookup _published;
    private readonly ListInquiry _lists;
    private readonly List<PolicyEngine> _judges;
    private readonly List<PolicyEngine> _others;
    private readonly PolicyEngine _observer;

    /// <param name="request">What is asked.</param>
    /// <param name="resolver">The DNS, with what is assumed.</param>
    /// <param name="time">The clock.</param>
    public SenderCheck(CheckRequest request, IDnsResolver resolver, TimeProvider time)
    {
        _request = request;
        var options = new ReverseDnsOptions { Deadline = request.Deadline };
        _hosts = new(resolver);
        _sources = new(resolver, options, time, PublicSuffixFile.Load(request.PublicSuffixFile));
        _published = new(resolver, options, time);
        _lists = new(_sources);
        _judges = [.. request.Receivers.Judges.Select(static profile => new PolicyEngine(profile, Receivers))];
        _others = [.. request.Receivers.Others.Select(static profile => new PolicyEngine(profile, Receivers))];
        _observer = new(ProfileLibrary.Load(folder: null).Find("observe")!, Nobody, Stage.Data);
    }

    /// <summary>The DNS of the request's servers, and what is assumed above it.</summary>
    public static IDnsResolver ResolverOf(CheckRequest request, TimeProvider time)
    {
        var stub = new StubResolver(new() { Servers = request.Servers, Deadline = request.Deadline }, time);
        // Above the cache: what is assumed is no answer of the DNS.
        return new OverlayResolver(new CachingResolver(stub, new(), time), request.Assumed);
    }

    /// <summary>The addresses that are to be judged: those that were given, and those of the hosts that were given.</summary>
    public Task<FoundAddresses> FindAsync(CancellationToken cancellationToken) => _hosts.FindAsync(_request.Subjects, cancellationToken);

    /// <summary>In the order of the addresses, a bounded number at once.</summary>
    public async IAsyncEnumerable<CheckReport> RunAsync(
        IReadOnlyList<CheckedAddress> addresses, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var running = new Queue<Task<CheckReport>>();
        foreach (var address in addresses)
        {
            if (running.Count == MaxConcurrent)
                yield return await running.Dequeue();
            running.Enqueue(RunAsync(address, cancellationToken));
        }
        while (running.TryDequeue(out var report))
            yield return await report;
    }

    private async Task<CheckReport> RunAsync(CheckedAddress subject, CancellationToken cancellationToken)
    {
        var facts = PolicyFacts.Start(subject.Address, _sources, cancellationToken);
        var client = await facts.Client.WaitAsync(cancellationToken);
        // Whoever names a host means the name that its server says.
        var helo = _request.Helo ?? (subject.Name is { } host ? new Helo(host.ToString(), IsExtended: true) : null);
        facts.Helo = helo ?? Guessed(client);
        facts.Sender = _request.From ?? default;
        facts.Recipient = _request.To;
        facts.Recipients = [_request.To];

        var forecasts = await Forecast.OfAllAsync([.. _judges, .. _others], facts, Context, cancellationToken);
        var observed = await _observer.JudgeAsync(Stage.Data, facts, Context, cancellationToken);
        var sender = _request.From is null ? null : await facts.SenderDomainAsync();
        var published = await _published.LookupAsync(client, sender, helo?.Name, cancellationToken);
        var hidden = PublicAddress.WhyNot(facts.Address);
        var lists = hidden is null ? await _lists.AskAsync(_request.Lists, facts.Address, cancellationToken) : [];
        var findings = CheckFindings.Of(observed.Findings, forecasts.Take(_judges.Count), helo is null, sender is not null);
        var remedy = Remedy.Of(published, [.. findings.Where(finding => IsAgainst(finding, facts.IsIPv6))]);
        return new(
            facts.Address,
            subject.Name,
            hidden,
            facts.Helo.Value,
            helo is null,
            _request.From,
            _request.To,
            client,
            sender,
            [.. facts.Trail.Concat(published.Trail).Concat(lists.SelectMany(static answer => answer.Trail)).DistinctBy(static step => step.Answer.Question)],
            findings,
            Ordered(forecasts.Take(_judges.Count)),
            Ordered(forecasts.Skip(_judges.Count)),
            NameComparison.Of(published, helo?.Name),
            lists,
            remedy with { Advice = [.. remedy.Advice, .. ListAdvice.Of(lists)] });
    }

    private static List<Forecast> Ordered(IEnumerable<Forecast> forecasts) =>
        [.. forecasts.OrderBy(CheckReport.AnswerOf).ThenBy(static forecast => forecast.Profile.Name, StringComparer.Ordinal)];

    // RFC 5321 §4.1.1.1: a client that has no name says its address.
    private static Helo Guessed(ClientFacts client)
    {
        var name = client.Names.FirstOrDefault(static name => name.IsConfirmed)?.Name ?? client.Names.FirstOrDefault(static name => name.IsHostName)?.Name;
        return new(name?.ToString() ?? (client.IsIPv6 ? $"[IPv6:{client.Address}]" : $"[{client.Address}]"), IsExtended: true);
    }

    // What only receivers of earlier years mind is no reason for advice.
    private bool IsAgainst(Finding finding, bool isIPv6) => finding.Outcome.Decision is Decision.Reject or Decision.Defer
        && _judges.Concat(_others.Where(static engine => engine.Profile.Group != ProfileGroup.Receiver)).Any(engine => engine.Profile.Checks.Any(rule => rule.Check.Name == finding.Check && rule.ModeFor(isIPv6) == CheckMode.Enforce));
}
