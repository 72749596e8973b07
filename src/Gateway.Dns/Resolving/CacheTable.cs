using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Dns;

/// <summary>
/// A bounded table: readers take no lock, writers (each of whom comes from a network round trip) take one. What goes first is the
/// oldest that nobody asked for since it was last considered (second chance, also called CLOCK).
/// </summary>
internal sealed class CacheTable(DnsCacheOptions options, TimeProvider time)
{
    // When all are in demand, the turn ends here and one of them goes: a writer never walks the whole table.
    private const int MaxChances = 64;

    private sealed class Entry(DnsQuestion question, CachedAnswer content)
    {
        private CachedAnswer _content = content;
        private bool _isWanted;

        public DnsQuestion Question { get; } = question;

        public CachedAnswer Content { get => Volatile.Read(ref _content); set => Volatile.Write(ref _content, value); }

        // Written only when it changes: a hot entry's cache line stays shared between cores.
        public bool IsWanted
        {
            get => _isWanted;
            set
            {
                if (_isWanted != value)
                    _isWanted = value;
            }
        }
    }

    private readonly ConcurrentDictionary<DnsQuestion, Entry> _entries = new(QuestionComparer.Instance);
    private readonly Queue<Entry> _turns = new();
    private readonly Lock _writing = new();
    private long _octets;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public long Octets => Interlocked.Read(ref _octets);

    public bool TryGet(DnsQuestion question, [NotNullWhen(true)] out DnsAnswer? answer)
    {
        answer = null;
        if (!_entries.TryGetValue(question, out var entry))
            return false;
        answer = entry.Content.Now();
        if (answer is null)
            return false;
        entry.IsWanted = true;
        return true;
    }

    public void Put(DnsAnswer answer)
    {
        var content = new CachedAnswer(answer, time);
        // One answer never displaces more than a sliver of the others.
        if (answer.TimeToLive <= TimeSpan.Zero || content.Octets > options.MaxOctets / 16)
            return;
        lock (_writing)
        {
            if (_entries.TryGetValue(answer.Question, out var entry))
            {
                _octets += content.Octets - entry.Content.Octets;
                entry.Content = content;
            }
            else
            {
                entry = new(answer.Question, content);
                _entries[answer.Question] = entry;
                _turns.Enqueue(entry);
                _octets += content.Octets;
                _count++;
            }
            while (_count > options.MaxEntries || _octets > options.MaxOctets)
                RemoveOne(entry);
        }
    }

    public void Clear()
    {
        lock (_writing)
        {
            _entries.Clear();
            _turns.Clear();
            (_octets, _count) = (0, 0);
        }
    }

    private void RemoveOne(Entry newest)
    {
        for (var chances = 0; ; chances++)
        {
            var entry = _turns.Dequeue();
            if (_count > 1 && (entry == newest || (chances < MaxChances && entry.IsWanted && entry.Content.Now() is not null)))
            {
                entry.IsWanted = false;
                _turns.Enqueue(entry);
                continue;
            }
            _entries.TryRemove(entry.Question, out _);
            _octets -= entry.Content.Octets;
            _count--;
            return;
        }
    }
}
