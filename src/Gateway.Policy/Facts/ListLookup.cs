using System.Net;
using System.Text;
using Gateway.Dns;

namespace Gateway.Policy;

/// <summary>
/// Asks a list of addresses (RFC 5782 §2.1, IPv6 §2.4): A, and for who is listed TXT. Whatever is no plain answer of such a
/// list says nothing about the client.
/// </summary>
public sealed class ListLookup(IDnsResolver resolver, ReverseDnsOptions options, TimeProvider time)
{
    private const int MaxText = 160;

    // RFC 5782 §2.1: entries have values there; anything else is a parked domain, or a resolver that answers for every name.
    private static readonly IPNetwork Entries = IPNetwork.Parse("127.0.0.0/8");

    // Common usage of large lists: a wrong question, a public resolver, too many questions. Not an entry.
    private static readonly IPNetwork Errors = IPNetwork.Parse("127.255.255.0/24");

    public async Task<ListReading> LookupAsync(DomainName zone, IPAddress address, CancellationToken cancellationToken)
    {
        if (ReverseName.Below(zone, address) is not { } name)
            return new(zone, [], null, "the name to ask for is too long", []);
        using var inquiry = new Inquiry(resolver, options.Deadline, time, cancellationToken);
        var entry = await inquiry.AskInTimeAsync(new(name, RecordType.A));
        if (entry.Answer.IsTemporaryFailure)
            return new(zone, [], null, Wording.Trouble(entry.Answer), [entry]);
        IPAddress[] answers = [.. entry.Answer.Records.OfType<AddressRecord>().Select(record => record.Address).Where(Entries.Contains)];
        if (answers.FirstOrDefault(Errors.Contains) is { } error)
            return new(zone, [], null, $"it answered {error}, an error and no entry", [entry]);
        if (answers.Length == 0)
            return new(zone, [], null, null, [entry]);
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
