using System.Net;

namespace Gateway.Lab.Hosting;

/// <summary>A kind of client in the lab's zones, and how two receivers answer it: a row of the table that the lab prints.</summary>
/// <param name="Address">Its address on loopback, so that this machine can send from it.</param>
/// <param name="Kind">The state of its reverse DNS.</param>
/// <param name="Standard">The answer of the profile standard: "accepted", or the beginning of the refusal.</param>
/// <param name="Aol">The answer of the profile aol-2006.</param>
public sealed record LabClient(IPAddress Address, string Kind, string Standard, string Aol)
{
    public const string Accepted = "accepted";

    /// <summary>The kinds that a newcomer should see first. config/lab/zones/clients.inc has all of them.</summary>
    public static IReadOnlyList<LabClient> Shown { get; } =
    [
        Of(10, "good: the name leads back", Accepted, Accepted),
        Of(20, "no PTR record", "550 5.7.25", "554"),
        Of(30, "the name belongs to another address", Accepted, Accepted),
        Of(41, "the name is not a host name", "550 5.7.25", "554"),
        Of(50, "the DNS answers SERVFAIL", "451 4.7.25", "421 4.7.1"),
        Of(51, "the DNS does not answer", "451 4.7.25", "421 4.7.1"),
        Of(60, "delegated as RFC 2317 says", Accepted, Accepted),
        Of(63, "a hostile name", "550 5.7.25", "554"),
    ];

    private static LabClient Of(byte last, string kind, string standard, string aol) =>
        new(new IPAddress([127, 0, 0, last]), kind, standard, aol);
}
