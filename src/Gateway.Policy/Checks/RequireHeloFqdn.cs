using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Checks;

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
        return new(IsHostName(name) || AddressLiteral.TryParse(name, out _)
            ? Outcome.Continue($"HELO name {shown} is well formed")
            : BadName.Because($"HELO name \"{TextTemplate.Printable(shown)}\" is neither a fully qualified host name nor an address literal"));
    }

    // A name in presentation form may hold escapes; one in a command may not.
    private static bool IsHostName(string name) =>
        !name.Contains('\\') && DomainName.TryParse(name, out var parsed) && parsed.IsHostName;
}
