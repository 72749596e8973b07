namespace Gateway.Policy.Checks;

/// <summary>
/// What several checks of the reverse DNS say alike. RFC 7372 §3.3 assigns X.7.25 to failed reverse DNS validation. The
/// texts hold words that bounce processors know ("reverse dns required", "reverse dns failed").
/// </summary>
internal static class ReverseDnsRefusals
{
    public static Refusal None { get; } = new("rdns-none", 550, 7, 25,
        "Reverse DNS required: no PTR record found for [{ip}], publish one that names your mail server");

    // RFC 8601 §2.7.3 "temperror": the resolver's problem, not the client's, so it may only ever defer.
    public static Refusal Temporary { get; } = new("rdns-temp", 451, 7, 25,
        "Reverse DNS failed: the DNS did not answer the lookup of [{ip}], try again later");
}
