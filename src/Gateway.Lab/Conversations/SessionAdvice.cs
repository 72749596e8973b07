using Gateway.Dns;
using Gateway.Policy;
using Gateway.Policy.Advising;
using Gateway.Policy.Facts;
using Gateway.Server.Inbound;

namespace Gateway.Lab.Conversations;

/// <summary>What the client of a session would have to publish, from what the session found out about it.</summary>
internal sealed class SessionAdvice(IDnsResolver resolver, ReverseDnsOptions options, TimeProvider time)
{
    /// <returns>Null when the client was never looked up.</returns>
    public async Task<Remedy?> OfAsync(SessionRecord session, CancellationToken cancellationToken)
    {
        if (session.Facts is not { } client)
            return null;
        var sender = session.Transactions is [.., { } last]
            ? await new SenderDomainLookup(resolver, options, time).LookupAsync(last.Sender, cancellationToken)
            : null;
        var published = await new PublishedLookup(resolver, options, time).LookupAsync(client, sender, session.Helo?.Name, cancellationToken);
        return Remedy.Of(published, [.. session.Findings.Concat(session.Transactions.SelectMany(static one => one.Findings)).Where(IsAgainst).Distinct()]);
    }

    private static bool IsAgainst(Finding finding) =>
        finding is { Mode: CheckMode.Enforce, Outcome.Decision: Decision.Reject or Decision.Defer };
}
