namespace Gateway.Dns;

/// <summary>How a look-up in zones ended.</summary>
public enum ZoneOutcome
{
    /// <summary>Records of the type.</summary>
    Found,

    /// <summary>The name exists, the type does not.</summary>
    NoData,

    /// <summary>There is no such name.</summary>
    NameError,

    /// <summary>The name lies in a zone that is served elsewhere: NS records say where.</summary>
    Referral,

    /// <summary>No zone holds the name, or what an alias leads to.</summary>
    NotServed,

    /// <summary>Aliases lead in a circle, or too far.</summary>
    AliasLoop,

    /// <summary>The name is an alias; only a single zone's answer ends so.</summary>
    Alias,
}

/// <summary>What zones say to a question.</summary>
/// <param name="Outcome">How it ended, at the end of the aliases.</param>
/// <param name="Aliases">The chain from the asked name, in order.</param>
/// <param name="Records">The records found.</param>
/// <param name="Authorities">SOA for a negative answer (RFC 2308 §3), NS for a referral.</param>
/// <param name="Additionals">The addresses that a referral needs: glue.</param>
public readonly record struct ZoneAnswer(
    ZoneOutcome Outcome,
    IReadOnlyList<CnameRecord> Aliases,
    IReadOnlyList<ResourceRecord> Records,
    IReadOnlyList<ResourceRecord> Authorities,
    IReadOnlyList<ResourceRecord> Additionals)
{
    internal static ZoneAnswer Of(ZoneOutcome outcome) => new(outcome, [], [], [], []);
}
