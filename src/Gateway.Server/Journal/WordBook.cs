using Microsoft.Data.Sqlite;

namespace Gateway.Server.Journal;

/// <summary>
/// Numbers for the addresses, names and domains of the statistics: a week's report counts numbers, and reads only the words
/// that it shows. A word is marked each day it is used; one that is older than the statistics is used by none of them.
/// </summary>
internal sealed class WordBook(SqliteConnection connection) : IDisposable
{
    public const int HoursOfDay = 24;
    private const int MaxKnown = 100_000;

    private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);
    private readonly Statement _find = new(connection,
        "INSERT INTO words (word, seen) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET seen = max(seen, excluded.seen) RETURNING id", 2);

    private long _day;

    public long IdOf(SqliteTransaction transaction, string word, long hour)
    {
        if (_known.TryGetValue(word, out var id) && hour / HoursOfDay <= _day)
            return id;
        if (hour / HoursOfDay > _day || _known.Count >= MaxKnown)
            _known.Clear();
        _day = Math.Max(_day, hour / HoursOfDay);
        return _known[word] = _find.Number(transaction, word, Math.Max(hour, _day * HoursOfDay));
    }

    public void Dispose() => _find.Dispose();
}
