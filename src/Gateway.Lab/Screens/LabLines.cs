using Gateway.Lab.Hosting;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;

namespace Gateway.Lab.Screens;

/// <summary>The lab's output for programs: one JSON object on each line. The first one has all endpoints.</summary>
public sealed class LabLines(TextWriter output) : ILabScreen
{
    private readonly Lock _writing = new();

    public void Welcome(LabPlaces places) => Write(new
    {
        ByRecipient = places.ByRecipient.ToString(),
        Proxied = places.Proxied.ToString(),
        LabPlaces.RecipientDomain,
        LabPlaces.Domain,
        User = LabUsers.Name,
        LabUsers.Password,
        Profiles = EndpointsOf(places),
        Receivers = places.Receivers.Select(static place =>
            new { place.Receiver.Domain, place.Receiver.Host, place.Receiver.Profile, Endpoint = place.Endpoint.ToString() }),
        Dns = places.Dns.ToString(),
        SmartHost = places.SmartHost.ToString(),
        places.Folder,
    });

    public void Profiles(LabPlaces places) => Write(new { Profiles = EndpointsOf(places) });

    public void ClientKinds() => Write(new
    {
        Clients = LabClient.Shown.Select(static client => new { Address = client.Address.ToString(), client.Kind, client.Standard, client.Aol }),
    });

    private static Dictionary<string, string> EndpointsOf(LabPlaces places) =>
        places.Profiles.ToDictionary(static listener => listener.Profile, static listener => listener.Endpoint.ToString());

    public void Session(SessionRecord session) => Write(new { Session = SessionDescription.Of(session) });

    public void NotShown(long count) => Write(new { NotShown = count });

    public void Said(string line) => Write(new { Said = line });

    public void Farewell(LabPlaces places, int captured) => Write(new { Captured = captured });

    private void Write<T>(T line)
    {
        using var turn = _writing.EnterScope();
        JsonLine.Write(output, line);
    }
}
