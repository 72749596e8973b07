namespace Gateway.Policy.Facts;

/// <summary>Which look-ups a connection began, and which of them the check at work has read. Bounded, whatever a client does.</summary>
internal sealed class FactLedger
{
    // A client may say MAIL a thousand times; what explains its first transactions is kept.
    private const int MaxAsked = 64;

    private readonly List<IFact> _asked = [];
    private readonly List<IFact> _read = [];

    public Fact<T> Asked<T>(Task<T> asking) where T : class, IFactSheet
    {
        var fact = new Fact<T>(asking);
        if (_asked.Count < MaxAsked)
            _asked.Add(fact);
        return fact;
    }

    public Task<T> Read<T>(Fact<T> fact) where T : class, IFactSheet
    {
        _read.Add(fact);
        return fact.Asking;
    }

    /// <summary>From here on it is noted which facts are read.</summary>
    public void NoteReading() => _read.Clear();

    /// <summary>Whether a fact that was read since then is one that the DNS could not settle.</summary>
    public bool RestsOnTemporaryFailure => _read.Exists(static fact => !fact.IsSettled);

    /// <summary>How many facts it holds on to.</summary>
    public int Count => _asked.Count + _read.Count;

    public IReadOnlyList<TrailStep> Trail => [.. _asked.SelectMany(static fact => fact.Trail)];
}
