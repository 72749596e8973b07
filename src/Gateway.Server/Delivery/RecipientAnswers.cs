using System.Collections.Concurrent;
using Gateway.Smtp;

namespace Gateway.Server.Delivery;

/// <summary>
/// What was heard about recipients, for as long as it holds. Readers take no lock; writers, each of whom comes from a round trip,
/// take one. Bounded: the oldest goes first, and those that exist and those that do not have room of their own, so that a
/// harvest of invented names drives out no real one.
/// </summary>
internal sealed class RecipientAnswers(TimeProvider time)
{
    public const int MostKnown = 50_000;
    public const int MostRefused = 10_000;

    // A reply that goes on for longer is said, and not remembered.
    private const int MostLines = 10;

    private readonly Shelf _known = new(MostKnown);
    private readonly Shelf _refused = new(MostRefused);

    public int Count => _known.Count + _refused.Count;

    /// <returns>Whether something is known; then <paramref name="refusal"/> is it, null for a recipient that may pass.</returns>
    public bool TryGet(Mailbox recipient, out Reply? refusal)
    {
        var now = time.GetTimestamp();
        if (_known.TryGet(recipient, now, out refusal) || _refused.TryGet(recipient, now, out refusal))
            return true;
        refusal = null;
        return false;
    }

    public void Put(Mailbox recipient, Reply? refusal, TimeSpan lifetime, bool isKnown)
    {
        if (refusal?.Lines.Count > MostLines)
            return;
        var due = time.GetTimestamp() + (long)(lifetime.TotalSeconds * time.TimestampFrequency);
        (isKnown ? _refused : _known).Remove(recipient);
        (isKnown ? _known : _refused).Put(new(recipient, refusal, due));
    }

    /// <summary>Something else was heard: whoever comes next asks again.</summary>
    public void Forget(Mailbox recipient) => _known.Remove(recipient);

    private sealed record Answer(Mailbox Recipient, Reply? Refusal, long Due);

    private sealed class Shelf(int most)
    {
        private readonly ConcurrentDictionary<Mailbox, Answer> _answers = new(RecipientComparer.Instance);
        private readonly Queue<Answer> _turns = new();
        private readonly Lock _writing = new();

        public int Count => _answers.Count;

        public bool TryGet(Mailbox recipient, long now, out Reply? refusal)
        {
            var isThere = _answers.TryGetValue(recipient, out var answer) && answer.Due > now;
            refusal = isThere ? answer!.Refusal : null;
            return isThere;
        }

        // Each answer has one turn, also one that was replaced or removed since: so there are never more of either than allowed.
        public void Put(Answer answer)
        {
            lock (_writing)
            {
                while (_turns.Count >= most && _turns.TryDequeue(out var oldest))
                    _answers.TryRemove(new(oldest.Recipient, oldest));
                _answers[answer.Recipient] = answer;
                _turns.Enqueue(answer);
            }
        }

        public void Remove(Mailbox recipient)
        {
            if (_answers.ContainsKey(recipient))
                _answers.TryRemove(recipient, out _);
        }
    }
}
