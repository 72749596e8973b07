using System.Runtime.InteropServices;

namespace Gateway.Server.Journal.Statistics;

/// <summary>Counts who came, in three ways, and tells the first of each. Who it was is the number of a word.</summary>
internal sealed class TopSenders
{
    private readonly Dictionary<long, long> _clients = [];
    private readonly Dictionary<long, long> _domains = [];

    // A name counts apart when it is confirmed: 2n and 2n+1.
    private readonly Dictionary<long, long> _names = [];

    public void Add(long client, long name, bool isConfirmed, long domain, long count)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_clients, client, out _) += count;
        CollectionsMarshal.GetValueRefOrAddDefault(_names, (2 * name) + (isConfirmed ? 1 : 0), out _) += count;
        CollectionsMarshal.GetValueRefOrAddDefault(_domains, domain, out _) += count;
    }

    public CheckCount Fill(CheckCount check, int most, Func<long, string> word) => check with
    {
        Clients = [.. Top(_clients, most).Select(client => new SenderCount(word(client.Id), client.Count))],
        Names =
        [
            .. from top in Top(_names, most)
               let name = word(top.Id / 2)
               select new SenderCount(name, top.Count, name.Length > 0 ? top.Id % 2 == 1 : null),
        ],
        Domains = [.. Top(_domains, most).Select(domain => new SenderCount(word(domain.Id), domain.Count))],
    };

    // Of equals the one that came first, so that the same question has the same answer.
    private static IEnumerable<(long Id, long Count)> Top(Dictionary<long, long> counts, int most)
    {
        var top = new PriorityQueue<long, (long Count, long)>();
        foreach (var (id, count) in counts)
        {
            if (top.Count < most)
                top.Enqueue(id, (count, -id));
            else if (most > 0)
                top.EnqueueDequeue(id, (count, -id));
        }
        return top.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => (item.Element, item.Priority.Count));
    }
}
