using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>Who judges a recipient, when the domain can say it.</summary>
/// <param name="Engine">Null when the domain names a profile that does not exist.</param>
/// <param name="Name">What the domain names; null when it names none, and the listener's own policy judges.</param>
internal readonly record struct RecipientJudge(PolicyEngine? Engine, string? Name);

/// <summary>
/// One listener that is many receivers: below a domain such as <c>strict.test</c>, mail for x@gmail.strict.test is judged by
/// the profile gmail. All of them read the same facts, so a connection asks each question once, whomever it writes to.
/// </summary>
public sealed class RecipientProfiles
{
    private readonly string _suffix;
    private readonly Dictionary<string, PolicyEngine> _engines = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="domain">Without a dot in front.</param>
    /// <param name="engines">One for each profile, under its name. None refuses before RCPT, where its turn comes.</param>
    public RecipientProfiles(string domain, IEnumerable<PolicyEngine> engines)
    {
        _suffix = "." + domain;
        foreach (var engine in engines)
        {
            if (engine.RefuseAt < Stage.Recipient)
                throw new ArgumentException($"{engine.Profile.Name} would refuse before a recipient is known", nameof(engines));
            _engines.TryAdd(engine.Profile.Name, engine);
        }
    }

    internal RecipientJudge JudgeOf(ForwardPath recipient, PolicyEngine own)
    {
        if (recipient.IsBarePostmaster)
            return new(own, null);
        // A final dot makes a name absolute and changes nothing else (RFC 1034 §3.1).
        var domain = recipient.Mailbox.Domain.AsSpan().TrimEnd('.');
        if (domain.Length <= _suffix.Length || !domain.EndsWith(_suffix, StringComparison.OrdinalIgnoreCase))
            return new(own, null);
        var name = domain[..^_suffix.Length].ToString();
        return new(_engines.GetValueOrDefault(name), name);
    }

    // RFC 3463 §3.2, X.1.2: the destination system does not exist. What does exist is the operator's to tell.
    internal Reply Unknown(string name) =>
        new(550, 1, 2, $"No profile is called {name}: in NAME{_suffix}, NAME is a profile that \"gateway profiles\" lists");
}
