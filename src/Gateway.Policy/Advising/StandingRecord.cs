namespace Gateway.Policy.Advising;

/// <summary>A record that is published already, and what it is good for: the resolution of KB300171, confirmed row by row.</summary>
/// <param name="Record">In zone-file form.</param>
/// <param name="Meaning">What it confirms; safe to show.</param>
public sealed record StandingRecord(string Record, string Meaning);
