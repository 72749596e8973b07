using System.Net;
using System.Text;
using Gateway.Dns;

namespace Gateway.Policy.Tests;

/// <summary>
/// Answers at once from lines such as <c>mail.example.com A 192.0.2.1</c> or <c>mail.example.com A !Refused</c>. A name
/// without a line does not exist; one without a line for the type has no data. An answer can be held back. In TXT records an
/// underscore stands for a space.
/// </summary>
internal sealed class FakeResolver : IDnsResolver
{
    private static readonly TimeSpan Ttl = TimeSpan.FromHours(1);

    private readonly Dictionary<DnsQuestion, List<ResourceRecord>> _records = [];
    private readonly Dictionary<DnsQuestion, DnsStatus> _faults = [];
    private readonly Dictionary<DnsQuestion, TaskCompletionSource> _held = [];
    private readonly HashSet<DomainName> _names = [];

    public FakeResolver(params IEnumerable<string> zone)
    {
        foreach (var line in zone)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Add(Question(words[0], words[1]), words[^1], words.Length > 3 ? words[2] : null);
        }
    }

    public List<DnsQuestion> Asked { get; } = [];

    /// <summary>Thrown instead of an answer, against the promise of <see cref="IDnsResolver"/>.</summary>
    public Exception? Breaks { get; init; }

    /// <summary>Holds the answer to a question back until the source is completed.</summary>
    public TaskCompletionSource Hold(string name, string type) =>
        _held[Question(name, type)] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken)
    {
        Asked.Add(question);
        cancellationToken.ThrowIfCancellationRequested();
        if (Breaks is not null)
            throw Breaks;
        if (_held.TryGetValue(question, out var held))
            await held.Task.WaitAsync(cancellationToken);
        return Answer(question);
    }

    private DnsAnswer Answer(DnsQuestion question)
    {
        if (_faults.TryGetValue(question, out var fault))
            return new(question, fault, [], [], TimeSpan.Zero);
        if (_records.TryGetValue(question, out var records))
            return new(question, DnsStatus.Found, records, [], Ttl);
        return new(question, _names.Contains(question.Name) ? DnsStatus.NoData : DnsStatus.NameError, [], [], Ttl);
    }

    private void Add(DnsQuestion question, string value, string? preference)
    {
        _names.Add(question.Name);
        if (value.StartsWith('!'))
        {
            _faults[question] = Enum.Parse<DnsStatus>(value[1..]);
            return;
        }
        if (!_records.TryGetValue(question, out var records))
            _records[question] = records = [];
        records.Add(question.Type switch
        {
            RecordType.Ptr => new PtrRecord(question.Name, Ttl, DomainName.Parse(value)),
            RecordType.Ns => new NsRecord(question.Name, Ttl, DomainName.Parse(value)),
            RecordType.Mx => new MxRecord(question.Name, Ttl, ushort.Parse(preference!, null), DomainName.Parse(value)),
            RecordType.Txt => new TxtRecord(question.Name, Ttl, [Encoding.Latin1.GetBytes(value.Replace('_', ' '))]),
            _ => new AddressRecord(question.Name, Ttl, IPAddress.Parse(value)),
        });
    }

    private static DnsQuestion Question(string name, string type) =>
        new(IPAddress.TryParse(name, out var address) ? ReverseName.Of(address) : DomainName.Parse(name), Enum.Parse<RecordType>(type, ignoreCase: true));
}
