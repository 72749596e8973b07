using Gateway.Dns;
using Gateway.Smtp;

namespace Gateway.Policy.Facts;

/// <summary>
/// Looks up where notices to a sender would go (RFC 5321 §5.1): MX, else an address. Whether the hosts that MX names exist
/// is not asked: it takes many queries, and the domain is there all the same.
/// </summary>
public sealed class SenderDomainLookup(IDnsResolver resolver, ReverseDnsOptions options, TimeProvider time)
{
    /// <exception cref="OperationCanceledException">The caller no longer wants the answer.</exception>
    public async Task<SenderDomainFacts> LookupAsync(ReversePath sender, CancellationToken cancellationToken)
    {
        if (sender.Mailbox is not { } mailbox)
            return new(null, SenderDomainStatus.NoDomain, "the sender address is <>, which has no domain", []);
        if (mailbox.IsAddressLiteral)
            return new(null, SenderDomainStatus.NoDomain, "the sender's domain is an address literal", []);
        // RFC 6531 §3.3 allows U-labels in an address.
        if (!InternationalName.TryParse(mailbox.Domain, out var domain))
            return new(mailbox.Domain, SenderDomainStatus.DoesNotExist, "the sender's domain is not a valid domain name", []);

        using var inquiry = new Inquiry(resolver, options.Deadline, time, cancellationToken);
        var mx = await inquiry.AskInTimeAsync(new(domain, RecordType.Mx));
        SenderDomainFacts Facts(SenderDomainStatus status, string detail, params IReadOnlyList<TrailStep> more) =>
            new(mailbox.Domain, status, detail, [mx, .. more]);

        var shown = Wording.Shown(domain);
        switch (mx.Answer.Status)
        {
            // RFC 7505 §3: a null MX stands alone; beside other records it means nothing.
            case DnsStatus.Found when mx.Answer.Records is [MxRecord { IsNull: true }]:
                return Facts(SenderDomainStatus.NullMx, $"{shown} has a null MX record, so it does not accept mail");
            case DnsStatus.Found:
                return Facts(SenderDomainStatus.Exists, $"{shown} has an MX record");
            case DnsStatus.NameError:
                return Facts(SenderDomainStatus.DoesNotExist, $"{shown} does not exist");
            case DnsStatus.NoData:
                break;
            default:
                // RFC 5321 §5.1: a temporary error of the MX lookup is no licence to look for addresses.
                return Facts(SenderDomainStatus.TempError, $"could not look up the MX records of {shown}: {Wording.Trouble(mx.Answer)}");
        }

        var askingA = inquiry.AskInTimeAsync(new(domain, RecordType.A)).AsTask();
        var askingAaaa = inquiry.AskInTimeAsync(new(domain, RecordType.Aaaa)).AsTask();
        var (a, aaaa) = (await askingA, await askingAaaa);
        if (a.Answer.Status == DnsStatus.Found || aaaa.Answer.Status == DnsStatus.Found)
            return Facts(SenderDomainStatus.Exists, $"{shown} has an address and no MX record", a, aaaa);
        if ((a.Answer.IsTemporaryFailure ? a : aaaa.Answer.IsTemporaryFailure ? aaaa : null) is { } failed)
        {
            var detail = $"could not look up the address of {shown}: {Wording.Trouble(failed.Answer)}";
            return Facts(SenderDomainStatus.TempError, detail, a, aaaa);
        }
        return Facts(SenderDomainStatus.DoesNotExist, $"{shown} has neither MX nor address records", a, aaaa);
    }
}
