namespace Gateway.Server.Inbound;

/// <summary>Takes the records of ended sessions. Never blocks and never throws: mail does not wait for its log.</summary>
public interface ISessionSink
{
    void Ended(SessionRecord session);
}
