namespace Gateway.Server.Inbound;

/// <summary>Tells several of the same sessions. They share the record, which nobody writes to any more.</summary>
public sealed class SessionSinks(params IReadOnlyList<ISessionSink> sinks) : ISessionSink
{
    public void Ended(SessionRecord session)
    {
        foreach (var sink in sinks)
            sink.Ended(session);
    }
}
