using Gateway.Dns;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Facts;

/// <summary>Looks up whether the name in HELO is a host's: RFC 5321 §2.3.5 wants it to resolve to an address.</summary>
internal sealed class HeloHostLookup(IDnsResolver resolver, ReverseDnsOptions options, TimeProvider time)
{
    public async Task<HeloHostFacts> LookupAsync(string helo, CancellationToken cancellationToken)
    {
        if (AddressLiteral.TryParse(helo, out _))
            return new(HeloHostStatus.Literal, $"HELO names the address {helo}", []);
        // One label is no name of the public DNS; asked for, it would only be looked for at the root.
        if (!DomainName.TryParse(helo, out var name) || name.Parent is not { IsRoot: false })
            return new(HeloHostStatus.DoesNotResolve, $"HELO name \"{TextTemplate.Printable(Wording.Shortened(helo, 255))}\" is not a valid DNS name", []);

        using var inquiry = new Inquiry(resolver, options.Deadline, time, cancellationToken);
        var askingA = inquiry.AskInTimeAsync(new(name, RecordType.A)).AsTask();
        var askingAaaa = inquiry.AskInTimeAsync(new(name, RecordType.Aaaa)).AsTask();
        var (a, aaaa) = (await askingA, await askingAaaa);
        var shown = Wording.Shown(name);
        if (a.Answer.Status == DnsStatus.Found || aaaa.Answer.Status == DnsStatus.Found)
            return new(HeloHostStatus.Resolves, $"HELO name {shown} has an address", [a, aaaa]);
        if ((a.Answer.IsTemporaryFailure ? a : aaaa.Answer.IsTemporaryFailure ? aaaa : null) is { } failed)
            return new(HeloHostStatus.TempError, Failed(shown, failed), [a, aaaa]);

        // A name that only takes mail is no host's, but no invention either.
        var mx = await inquiry.AskInTimeAsync(new(name, RecordType.Mx));
        var (status, detail) = mx.Answer switch
        {
            { Status: DnsStatus.Found } => (HeloHostStatus.Resolves, $"HELO name {shown} has an MX record"),
            { IsTemporaryFailure: true } => (HeloHostStatus.TempError, Failed(shown, mx)),
            _ => (HeloHostStatus.DoesNotResolve, $"HELO name {shown} has neither address nor MX records"),
        };
        return new(status, detail, [a, aaaa, mx]);
    }

    private static string Failed(string shown, TrailStep step) =>
        $"could not look up the HELO name {shown}: {Wording.Trouble(step.Answer)}";
}
