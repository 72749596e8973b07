using System.Net;

namespace Gateway.Lab.Hosting;

/// <summary>A kind of client that the lab's zones hold, and what becomes of it: the table that the lab prints.</summary>
/// <param name="Address">On loopback, so that this machine can send from it.</param>
/// <param name="Kind">What its reverse DNS is like.</param>
/// <param name="Standard">The answer of the listener with the profile standard: "accepted", or how the refusal begins.</param>
/// <param name="Aol">The same for aol-2006.</param>
public sealed record LabClient(IPAddress Address, string Kind, string Standard, string Aol)
{
    public const string Accepted = "accepted";

    /// <summary>Those that a newcomer wants to see; config/lab/zones/clients.inc has all of them.</summary>
    public static IReadOnlyList<LabClient> Shown { get; } =
    [
        Of(10, "good: the name leads back", Accepted, Accepted),
        Of(20, "no PTR record", "550 5.7.25", "554"),
        Of(30, "the name belongs to another address", Accepted, Accepted),
        Of(41, "the name is no host name", "550 5.7.25", "554"),
        Of(50, "the DNS answers SERVFAIL", "451 4.7.25", "421 4.7.1"),
        Of(51, "the DNS does not answer", "451 4.7.25", "421 4.7.1"),
        Of(60, "delegated as RFC 2317 says", Accepted, Accepted),
        Of(63, "a hostile name", "550 5.7.25", "554"),
    ];

    private static LabClient Of(byte last, string kind, string standard, string aol) =>
        new(new IPAddress([127, 0, 0, last]), kind, standard, aol);
}
