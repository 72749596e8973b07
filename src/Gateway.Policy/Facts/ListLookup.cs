using System.Net;
using System.Text;
using Gateway.Dns;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Facts;

/// <summary>
/// Asks a list of addresses (RFC 5782 §2.1, IPv6 §2.4): A, and for who is listed TXT.
/// </summary>
public sealed class ListLookup(IDnsResolver resolver, ReverseDnsOptions options, TimeProvider time)
{
    private const int MaxText = 160;

    public async Task<ListReading> LookupAsync(DomainName zone, IPAddress address, CancellationToken cancellationToken)
    {
        if (ReverseName.Below(zone, address) is not { } name)
            return new(zone, [], null, "the name to look up is too long", []);
        using var inquiry = new Inquiry(resolver, options.Deadline, time, cancellationToken);
        var entry = await inquiry.AskInTimeAsync(new(name, RecordType.A));
        if (entry.Answer.IsTemporaryFailure)
            return new(zone, [], null, Wording.Trouble(entry.Answer), [entry]);
        IPAddress[] answers = [.. entry.Answer.Records.OfType<AddressRecord>().Select(record => record.Address)];
        if (answers.Length == 0 || answers.Any(static answer => ListValue.WhyNeverAnEntry(answer) is not null))
            return new(zone, answers, null, null, [entry]);
        // Only words: if they cannot be had, the entry stands all the same.
        var words = await inquiry.AskInTimeAsync(new(name, RecordType.Txt));
        return new(zone, answers, Text(words.Answer), null, [entry, words]);
    }

    private static string? Text(DnsAnswer answer)
    {
        if (answer.Records.OfType<TxtRecord>().FirstOrDefault() is not { } record)
            return null;
        var text = TextTemplate.Printable(string.Concat(record.Strings.Select(part => Encoding.Latin1.GetString(part.Span)))).Trim();
        return text.Length == 0 ? null : Wording.Shortened(text, MaxText);
    }
}
