using Gateway.Server.Inbound;

namespace Gateway.Lab.Hosting;

/// <summary>Shows what happens in the lab, to people or to a program. Safe for concurrent use.</summary>
public interface ILabScreen
{
    /// <summary>Shows that the lab is open, and its endpoints.</summary>
    void Welcome(LabPlaces places);

    /// <summary>Shows the endpoint of each receiver again.</summary>
    void Profiles(LabPlaces places);

    /// <summary>Shows the table of clients again.</summary>
    void ClientKinds();

    /// <summary>Shows a connection that has ended.</summary>
    void Session(SessionRecord session);

    /// <summary>Shows how many connections came too fast to be shown.</summary>
    void NotShown(long count);

    /// <summary>Shows the answer to a command, or a message of the lab itself.</summary>
    void Said(string line);

    void Farewell(LabPlaces places, int captured);
}
