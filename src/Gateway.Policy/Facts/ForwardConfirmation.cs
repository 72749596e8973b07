using System.Net;
using System.Net.Sockets;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>
/// The second half of iprev (RFC 8601 §3): asks where the PTR names lead, all at once, and stops when one leads back.
/// Answers that are there at the same time count in the order of the names: from a cache the confirmed name is always the
/// first one that leads back. Over the network it is the first to arrive, for no client should wait for a dead name server
/// of a second name when it is confirmed already.
/// </summary>
internal sealed class ForwardConfirmation(Inquiry inquiry, IPAddress address, PtrName[] names, TrailStep reverse)
{
    private readonly List<TrailStep> _trail = [reverse];
    private readonly RecordType _type = address.AddressFamily == AddressFamily.InterNetwork ? RecordType.A : RecordType.Aaaa;

    public IReadOnlyList<TrailStep> Trail => _trail;

    public async ValueTask RunAsync(int limit)
    {
        List<(int Index, Task<TrailStep> Asking)>? open = null;
        for (var i = 0; i < names.Length && limit > 0; i++)
        {
            if (!names[i].IsHostName)
                continue;
            limit--;
            var asking = inquiry.AskAsync(Question(i));
            if (!asking.IsCompletedSuccessfully)
                (open ??= []).Add((i, asking.AsTask()));
            else if (Take(i, asking.Result))
                return;
        }
        if (open is not null)
            await WaitAsync(open);
    }

    private async Task WaitAsync(List<(int Index, Task<TrailStep> Asking)> open)
    {
        while (open.Count > 0)
        {
            await Task.WhenAny([.. open.Select(one => one.Asking), inquiry.Deadline]);
            var isLate = inquiry.Deadline.IsCompleted;
            for (var i = 0; i < open.Count; i++)
            {
                var (index, asking) = open[i];
                if (!asking.IsCompleted && !isLate)
                    continue;
                if (Take(index, asking.IsCompleted ? await asking : inquiry.Unanswered(Question(index))))
                    return;
                open.RemoveAt(i--);
            }
        }
    }

    /// <summary>Notes an answer; true when it leads back.</summary>
    private bool Take(int index, TrailStep step)
    {
        var isConfirmed = step.Answer.Records.Any(record => record is AddressRecord found && found.Address.Equals(address));
        names[index] = names[index] with { Forward = step.Answer, IsConfirmed = isConfirmed };
        _trail.Add(step);
        return isConfirmed;
    }

    private DnsQuestion Question(int index) => new(names[index].Name, _type);
}
