namespace Gateway.Policy.Advising;

/// <summary>One thing to do, so that strict receivers accept.</summary>
/// <param name="Record">What to publish, in zone-file form; null when no record helps.</param>
/// <param name="Publisher">Who can do it.</param>
/// <param name="Reason">One sentence that says why, and what else would help; safe to show.</param>
public sealed record Advice(string? Record, string Publisher, string Reason);
