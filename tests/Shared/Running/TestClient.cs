using System.Net;
using Gateway.Policy.Facts;
using Gateway.Smtp;

namespace Gateway.Tests;

/// <summary>One of the clients that every receiver meets: an address of the lab, and whom its mail is from.</summary>
/// <param name="Name">As in receivers.txt.</param>
/// <param name="Address">config/lab/zones/clients.inc says what its reverse DNS is.</param>
/// <param name="SenderDomain">config/lab/zones/lab.test.zone says what that is.</param>
/// <param name="Helo">How it introduces itself.</param>
internal sealed record TestClient(string Name, string Address, string SenderDomain = "good.lab.test", string Helo = "mail.good.lab.test")
{
    public const string Recipient = "bob@gateway.test";

    public static readonly IReadOnlyList<TestClient> All =
    [
        new("no-ptr", "192.0.2.20"),
        new("no-data", "192.0.2.21"),
        new("mismatch", "192.0.2.30"),
        new("no-host-name", "192.0.2.41"),
        new("generic", "192.0.2.40"),
        new("ipv6-no-ptr", "2001:db8::20"),
        new("ipv6-confirmed", "2001:db8::10"),
        new("servfail", "192.0.2.50"),
        new("forward-servfail", "192.0.2.55"),
        new("dead-dns", "192.0.2.51", "timeout.lab.test"),
        new("confirmed", "192.0.2.10"),
        new("no-sender-domain", "192.0.2.10", "nxdomain.lab.test"),
        new("another-domain", "4.3.2.1", "source.com"),
        new("cured", "209.54.61.76", "source.com", "mail.source.com"),
    ];

    public bool IsTemporary => Name is "servfail" or "forward-servfail" or "dead-dns";

    public string Sender => $"ann@{SenderDomain}";

    /// <summary>What a session of this client would know when it has said everything.</summary>
    public PolicyFacts Facts(FactSources sources)
    {
        var facts = PolicyFacts.Start(IPAddress.Parse(Address), sources, CancellationToken.None);
        // As MemoryScene connects it.
        facts.Port = 40_000;
        facts.Helo = new Helo(Helo, IsExtended: true);
        facts.Sender = new ReversePath(new Mailbox("ann", SenderDomain));
        facts.Recipient = new ForwardPath(new Mailbox("bob", "gateway.test"));
        return facts;
    }
}
