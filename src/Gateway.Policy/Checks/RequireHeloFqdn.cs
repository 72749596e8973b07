using System.Net;
using System.Net.Sockets;
using Gateway.Dns;

namespace Gateway.Policy;

/// <summary>
/// HELO or EHLO gives a fully qualified name or an address literal (RFC 5321 §4.1.1.1). Whether the name belongs to the
/// client is another question, on which §4.1.4 forbids to refuse.
/// </summary>
public sealed class RequireHeloFqdn : IPolicyCheck
{
    private static readonly Refusal BadName = new("helo-badname", 550, 7, 1,
        "HELO name \"{helo}\" of [{ip}] is neither a fully qualified host name nor an address literal (RFC 5321 4.1.1.1)");

    public string Name => "require-helo-fqdn";

    public Stage Stage => Stage.Helo;

    public IReadOnlyList<Refusal> Refusals { get; } = [BadName];

    public ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        var name = facts.Helo?.Name ?? "";
        var shown = Wording.Shortened(name, 255);
        return new(IsHostName(name) || IsAddressLiteral(name)
            ? Outcome.Continue($"HELO name {shown} is well formed")
            : BadName.Because($"HELO name \"{TextTemplate.Printable(shown)}\" is neither a fully qualified host name nor an address literal"));
    }

    // A name in presentation form may hold escapes; one in a command may not.
    private static bool IsHostName(string name) =>
        !name.Contains('\\') && DomainName.TryParse(name, out var parsed) && parsed.IsHostName;

    // RFC 5321 §4.1.3: an IPv6 address stands behind its tag. IPAddress alone would also take "[1]", "[0x7f.1]" and ports.
    private static bool IsAddressLiteral(string name)
    {
        if (name is not ['[', .. var inner, ']'])
            return false;
        return inner.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)
            ? !inner.AsSpan().ContainsAny("[]%")
                && IPAddress.TryParse(inner.AsSpan(5), out var ipv6) && ipv6.AddressFamily == AddressFamily.InterNetworkV6
            : IPAddress.TryParse(inner, out var ipv4) && ipv4.AddressFamily == AddressFamily.InterNetwork && ipv4.ToString() == inner;
    }
}
