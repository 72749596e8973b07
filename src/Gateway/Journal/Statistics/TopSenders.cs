using System.Runtime.InteropServices;

namespace Gateway.Journal;

/// <summary>Counts who came, in three ways, and tells the first of each.</summary>
internal sealed class TopSenders
{
    private readonly Dictionary<string, long> _clients = [];
    private readonly Dictionary<(string Name, bool IsConfirmed), long> _names = [];
    private readonly Dictionary<string, long> _domains = [];

    public void Add(string client, string name, bool isConfirmed, string domain, long count)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_clients, client, out _) += count;
        CollectionsMarshal.GetValueRefOrAddDefault(_names, (name, isConfirmed), out _) += count;
        CollectionsMarshal.GetValueRefOrAddDefault(_domains, domain, out _) += count;
    }

    public CheckCount Fill(CheckCount check, int most) => check with
    {
        Clients = Top(_clients, most, static client => client, static (client, count) => new(client, count)),
        Names = Top(_names, most, static key => key.Name, static (key, count) => new(key.Name, count, key.Name.Length > 0 ? key.IsConfirmed : null)),
        Domains = Top(_domains, most, static domain => domain, static (domain, count) => new(domain, count)),
    };

    // Of equals the first by name, so that the same question has the same answer.
    private static List<SenderCount> Top<T>(
        Dictionary<T, long> counts, int most, Func<T, string> nameOf, Func<T, long, SenderCount> make) where T : notnull
    {
        var top = new PriorityQueue<T, (long, string)>(
            Comparer<(long Count, string Name)>.Create(static (a, b) => a.Count != b.Count ? a.Count.CompareTo(b.Count) : string.CompareOrdinal(b.Name, a.Name)));
        foreach (var (key, count) in counts)
        {
            top.Enqueue(key, (count, nameOf(key)));
            if (top.Count > most)
                top.Dequeue();
        }
        var list = new List<SenderCount>(most);
        while (top.TryDequeue(out var key, out var priority))
            list.Add(make(key, priority.Item1));
        list.Reverse();
        return list;
    }
}
