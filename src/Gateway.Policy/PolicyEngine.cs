using Gateway.Policy.Checks;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Policy;

/// <summary>
/// Judges by a profile. Immutable and shared by all sessions of a listener; what belongs to a session is in its
/// <see cref="PolicyFacts"/>. It opens no relay: whether a recipient is ours is asked elsewhere, always.
/// </summary>
public sealed class PolicyEngine
{
    private static readonly Verdict GoOn = new(Decision.Continue, null, null, []);

    // Spoken when a rejection turns out to rest on temporary trouble, and its check has no words for that.
    private static readonly Refusal Unsettled = new("dns-temp", 451, 4, 3,
        "The DNS did not answer for [{ip}], try again later");

    // Which rules are judged at each stage, and which are only prepared there because they are judged later: worked out
    // once, so that a stage without rules costs nothing.
    private readonly int[][] _judged;
    private readonly int[][] _prepared;
    private readonly ListQuery? _allowed;
    private readonly TimeSpan? _greetingWaitIPv4;
    private readonly TimeSpan? _greetingWaitIPv6;

    public PolicyEngine(Profile profile, Exemptions exemptions, Stage? refuseAt = null)
    {
        Profile = profile;
        RefuseAt = refuseAt ?? profile.RefuseAt;
        Exemptions = exemptions;
        _judged = RulesByStage(JudgedAt);
        _prepared = RulesByStage(static (rule, _) => rule.Check.Stage);
        _allowed = exemptions.Lists.Count > 0 ? new([.. exemptions.Lists.Select(zone => new AddressList(zone, IsAllow: true))]) : null;
        (_greetingWaitIPv4, _greetingWaitIPv6) = (GreetingWait(isIPv6: false), GreetingWait(isIPv6: true));
    }

    public Profile Profile { get; }

    public Exemptions Exemptions { get; }

    /// <summary>Where refusals are spoken: as the listener says, else the profile.</summary>
    public Stage RefuseAt { get; }

    /// <summary>
    /// How long the greeting is held back to see whether the client speaks first; null when no check wants to know, or the
    /// client is exempt.
    /// </summary>
    public TimeSpan? GreetingWait(PolicyFacts facts) =>
        (facts.IsIPv6 ? _greetingWaitIPv6 : _greetingWaitIPv4) is { } wait && !facts.IsNobody && facts.Exemption is null && Exemptions.ByAddress(facts.Address) is null ? wait : null;

    /// <summary>The profile's own 220; null when it leaves the greeting to the server.</summary>
    public Reply? Welcome(PolicyFacts facts, ReplyContext context) =>
        Profile.Greeting is { } lines ? ReplyTemplate.Positive(220, lines, new(context, facts, Finding: null, Stage.Connect)) : null;

    /// <summary>The profile's own words to a client that is not refused; null when it leaves them to the server.</summary>
    public Reply? Words(DialogueStep step, PolicyFacts facts, ReplyContext context) =>
        Profile.Dialogue?.Say(step, new(context, facts, Finding: null, Stage.Connect));

    /// <summary>
    /// What the policy says at a stage. Each check is judged at one stage only: where refusals are spoken, or later if it
    /// cannot be judged yet. That is enough, for a refused command has not happened; and it is needed, for a message that
    /// was let in for postmaster must not be refused after DATA. Completes at once when the facts are there.
    /// </summary>
    public ValueTask<Verdict> JudgeAsync(Stage stage, PolicyFacts facts, ReplyContext context, CancellationToken cancellationToken)
    {
        if (facts.Exemption is { } exemption)
            return new(new Verdict(Decision.Accept, null, exemption, [exemption]));
        var slot = Slot(stage, facts);
        return _judged[slot].Length + _prepared[slot].Length > 0 ? JudgeRulesAsync(stage, facts, context, cancellationToken) : new(GoOn);
    }

    /// <summary>Begins every look-up that a check of the profile will want, and waits for none.</summary>
    public void Prepare(PolicyFacts facts)
    {
        if (Exemptions.ByAddress(facts.Address) is not null)
            return;
        foreach (var rule in Profile.Checks)
            if (rule.ModeFor(facts.IsIPv6) != CheckMode.Off)
                rule.Check.Prepare(facts);
        if (_allowed is not null)
            facts.BeginLists(_allowed);
    }

    private TimeSpan? GreetingWait(bool isIPv6) => Profile.Checks
        .Where(rule => rule.ModeFor(isIPv6) != CheckMode.Off)
        .Select(rule => rule.Check).OfType<RefuseEarlyTalker>().FirstOrDefault()?.Wait;

    // Three kinds of clients: over IPv4, over IPv6, and those that nobody names.
    private const int Kinds = 3;

    private static int Slot(Stage stage, PolicyFacts facts) => ((int)stage * Kinds) + (facts.IsNobody ? 2 : facts.IsIPv6 ? 1 : 0);

    // A client that its proxy does not name is refused at MAIL at the earliest: proxies check with such a connection whether this
    // server is well (LOCAL), and would take a refusal in the greeting for an outage. A health check sends no mail.
    private Stage JudgedAt(CheckRule rule, bool isNobody) =>
        (Stage)Math.Max(Math.Max((int)RefuseAt, (int)rule.Check.Stage), (int)(isNobody ? Stage.Mail : Stage.Connect));

    private int[][] RulesByStage(Func<CheckRule, bool, Stage> stageOf)
    {
        var stages = Enum.GetValues<Stage>();
        var rules = new int[stages.Length * Kinds][];
        for (var slot = 0; slot < rules.Length; slot++)
        {
            var (stage, isIPv6, isNobody) = (stages[slot / Kinds], slot % Kinds == 1, slot % Kinds == 2);
            rules[slot] =
            [
                .. Enumerable.Range(0, Profile.Checks.Count)
                    .Where(rule => Profile.Checks[rule].ModeFor(isIPv6) != CheckMode.Off && stageOf(Profile.Checks[rule], isNobody) == stage),
            ];
        }
        return rules;
    }

    private async ValueTask<Verdict> JudgeRulesAsync(Stage stage, PolicyFacts facts, ReplyContext context, CancellationToken cancellationToken)
    {
        var slot = Slot(stage, facts);
        var judged = _judged[slot];
        if (ExemptWithoutWaiting(stage, facts) is { } reason)
            return judged.Length > 0 ? Exempt(reason) : GoOn;
        // Queries of several checks, and of this stage and later ones, run side by side.
        foreach (var rule in _prepared[slot])
            Profile.Checks[rule].Check.Prepare(facts);
        if (_allowed is not null)
            facts.BeginLists(_allowed);
        if (judged.Length == 0)
            return GoOn;
        var (exemption, mayBeExempt) = await ExemptByLookupAsync(facts, cancellationToken);
        if (exemption is not null)
            return Exempt(exemption);

        var memory = facts.MemoryOf(this);
        var findings = new List<Finding>(Profile.Checks.Count);
        foreach (var rule in judged)
        {
            var finding = memory[rule] ?? await JudgeAsync(Profile.Checks[rule], facts, mayBeExempt, cancellationToken);
            memory[rule] = finding;
            findings.Add(finding);
            if (finding.Mode == CheckMode.Enforce && finding.Outcome.Decision != Decision.Continue)
                return Decided(Profile.Checks[rule], finding, findings, stage, facts, context);
        }
        return new(Decision.Continue, null, null, findings);
    }

    private static async ValueTask<Finding> JudgeAsync(
        CheckRule rule, PolicyFacts facts, bool mayBeExempt, CancellationToken cancellationToken)
    {
        facts.NoteReading();
        var outcome = await rule.Check.JudgeAsync(facts, cancellationToken);
        // The promise that a temporary failure never gives a 5xx does not hang on each check being right: if a fact that
        // the check has read is unsettled, or whether the client is exempt, its rejection is a deferral.
        if (outcome.Decision == Decision.Reject && (mayBeExempt || facts.RestsOnTemporaryFailure))
            outcome = TemporaryOf(rule.Check).Because(outcome.Reason) with { Lists = outcome.Lists };
        if (outcome.Decision == Decision.Defer && rule.OnTemporaryFailure == OnTemporaryFailure.Continue)
            outcome = outcome with { Decision = Decision.Continue, Reason = $"{outcome.Reason}; accepted all the same, because of onTemporaryFailure in the profile" };
        return new(rule.Check.Name, rule.ModeFor(facts.IsIPv6), outcome);
    }

    private static Verdict Decided(
        CheckRule rule, Finding finding, List<Finding> findings, Stage stage, PolicyFacts facts, ReplyContext context)
    {
        if (finding.Outcome.Decision == Decision.Accept)
            return new(Decision.Accept, null, finding, findings);
        var refusal = rule.Check.Refusals.FirstOrDefault(refusal => refusal.ReasonId == finding.Outcome.ReasonId);
        if (refusal is null || (finding.Outcome.Decision == Decision.Defer && !refusal.IsTemporary))
            refusal = TemporaryOf(rule.Check);
        var own = rule.ReplyFor(refusal);
        var reply = ReplyTemplate.Render(refusal, own, new(context, facts, finding, stage));
        // A profile may answer a rejection softly (4xx): what counts is what the client hears.
        return new(reply.IsPermanent ? Decision.Reject : Decision.Defer, reply, finding, findings) { HasOwnWords = own?.Text is not null };
    }

    private static Refusal TemporaryOf(IPolicyCheck check) => check.Refusals.FirstOrDefault(refusal => refusal.IsTemporary) ?? Unsettled;

    private string? ExemptWithoutWaiting(Stage stage, PolicyFacts facts)
    {
        if (Exemptions.ByAddress(facts.Address) is { } address)
            return address;
        if (stage >= Stage.Mail && facts.Sender is { } sender && Exemptions.BySender(sender) is { } bySender)
            return bySender;
        if (stage == Stage.Recipient && facts.Recipient is { } recipient)
            return Exemptions.ByRecipient(recipient);
        // A message has one fate: after DATA it is exempt only if all its recipients are.
        return stage == Stage.Data && facts.Recipients.Count > 0 && facts.Recipients.All(one => Exemptions.ByRecipient(one) is not null)
            ? "all recipients are exempt"
            : null;
    }

    /// <summary>Why what the DNS says exempts the client; and whether it might, if only the DNS could say.</summary>
    private async ValueTask<(string? Reason, bool MayBeExempt)> ExemptByLookupAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        // What was noted for the last check is of no use any more. A client may name recipients without end, and each of them is judged here.
        facts.NoteReading();
        var mayBeExempt = false;
        if (Exemptions.Names.Count > 0)
        {
            var client = await facts.Client.WaitAsync(cancellationToken);
            if (Exemptions.ByName(client) is { } named)
                return (named, false);
            mayBeExempt = client.Iprev == IprevStatus.TempError;
        }
        if (_allowed is not null)
        {
            var lists = await facts.ListsAsync(_allowed).WaitAsync(cancellationToken);
            if (lists.Status == ListStatus.Allowed)
                return ($"the client is exempt: {lists.Detail}", false);
            mayBeExempt |= lists.MayBeAllowed;
        }
        return (null, mayBeExempt);
    }

    private static Verdict Exempt(string reason)
    {
        var finding = new Finding("exempt", CheckMode.Enforce, Outcome.Accept(reason));
        return new(Decision.Accept, null, finding, [finding]);
    }
}
