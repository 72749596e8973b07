using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>Whether a notice about a message could be sent back.</summary>
public enum SenderDomainStatus
{
    /// <summary>Nothing to look up: the null reverse-path (RFC 5321 §4.5.5), or an address literal.</summary>
    NoDomain,

    /// <summary>There is an MX record, or an address to take its place (RFC 5321 §5.1).</summary>
    Exists,

    /// <summary>The domain says that it takes no mail (RFC 7505).</summary>
    NullMx,

    /// <summary>Neither MX nor address.</summary>
    DoesNotExist,

    /// <summary>The DNS could not say.</summary>
    TempError,
}

/// <summary>What the DNS says about the domain of the return address.</summary>
/// <param name="Domain">As written in MAIL; null when there is none to look up.</param>
/// <param name="Status">What was found.</param>
/// <param name="Detail">One sentence that says why, safe to show.</param>
/// <param name="Trail">Each query, its answer and its time.</param>
public sealed record SenderDomainFacts(string? Domain, SenderDomainStatus Status, string Detail, IReadOnlyList<TrailStep> Trail)
    : IFactSheet
{
    /// <summary>The name that was looked up; null when there was none.</summary>
    public DomainName? Name => Trail is [var first, ..] ? first.Answer.Question.Name : null;

    /// <summary>The hosts that MX names, the preferred ones first.</summary>
    public IReadOnlyList<DomainName> MailHosts =>
        [.. Trail.SelectMany(step => step.Answer.Records).OfType<MxRecord>().Where(mx => !mx.IsNull).OrderBy(mx => mx.Preference).Select(mx => mx.Exchange)];

    bool IFactSheet.IsSettled => Status != SenderDomainStatus.TempError;
}
