using Gateway.Server.Inbound;

namespace Gateway.Lab.Hosting;

/// <summary>Who is told what happens in the lab: people, or a program. Safe to call from several threads.</summary>
public interface ILabScreen
{
    /// <summary>Everything is open.</summary>
    void Welcome(LabPlaces places);

    /// <summary>Which receiver listens where, once more.</summary>
    void Profiles(LabPlaces places);

    /// <summary>Which address is what kind of client, once more.</summary>
    void ClientKinds();

    /// <summary>A connection has ended.</summary>
    void Session(SessionRecord session);

    /// <summary>So many connections ended too quickly to be shown.</summary>
    void NotShown(long count);

    /// <summary>One line: the answer to a command, or news of the lab itself.</summary>
    void Said(string line);

    void Farewell(LabPlaces places, int captured);
}
