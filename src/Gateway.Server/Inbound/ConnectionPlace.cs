using System.Net;

namespace Gateway.Server.Inbound;

/// <summary>What one connection takes of the room there is. Used by that connection alone.</summary>
public sealed class ConnectionPlace : IDisposable
{
    private readonly ConnectionCounter _counter;
    private readonly int _perClient;
    private readonly bool _isOneTooMany;
    private IPAddress? _client;
    private bool _isOver;

    internal ConnectionPlace(ConnectionCounter counter, int perClient, bool isOneTooMany)
    {
        _counter = counter;
        _perClient = perClient;
        _isOneTooMany = isOneTooMany;
        Admission = isOneTooMany ? Admission.TooManyInAll : Admission.Granted;
    }

    public Admission Admission { get; private set; }

    /// <summary>
    /// The connection counts as this client's, from now on and as nobody else's. Null: as nobody's, for a trusted proxy has as many
    /// clients as it has connections.
    /// </summary>
    public Admission CountFor(IPAddress? client)
    {
        if (_client is not null)
            _counter.Remove(_client);
        _client = client;
        var isWithinShare = client is null || _counter.Add(client) <= _perClient;
        return Admission = _isOneTooMany ? Admission.TooManyInAll : isWithinShare ? Admission.Granted : Admission.TooManyFromClient;
    }

    public void Dispose()
    {
        if (_isOver)
            return;
        _isOver = true;
        CountFor(null);
        _counter.Leave();
    }
}

/// <summary>Whether there is room for one more connection.</summary>
public enum Admission
{
    Granted,
    TooManyInAll,
    TooManyFromClient,
}
