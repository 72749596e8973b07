using System.Net;
using System.Net.Sockets;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>The sentence that says why a client's reverse DNS is as it is.</summary>
internal static class ReverseDnsWording
{
    public static string WithoutNames(IPAddress address, DnsAnswer reverse) => reverse.Status switch
    {
        DnsStatus.NameError => $"{address} has no PTR record: {reverse.Question.Name} does not exist",
        DnsStatus.NoData => $"{address} has no PTR record: {reverse.Question.Name} has none",
        _ => $"could not look up the PTR record of {address}: {Wording.Trouble(reverse)}",
    };

    public static string Of(IPAddress address, IReadOnlyList<PtrName> names)
    {
        if (names.FirstOrDefault(name => name.IsConfirmed) is { } confirmed)
            return $"PTR of {address} names {Wording.Shown(confirmed.Name)}, which leads back";
        return $"PTR of {address} names {Wording.Listed([.. names.Select(name => Clause(address, name))])}";
    }

    private static string Clause(IPAddress address, PtrName name)
    {
        var shown = Wording.Shown(name.Name);
        var type = address.AddressFamily == AddressFamily.InterNetwork ? "A" : "AAAA";
        return name switch
        {
            { IsHostName: false } when ReverseName.Contains(name.Name) => $"{shown}, which is the name of a reverse lookup itself",
            { IsHostName: false } => $"{shown}, which is not a host name",
            { Forward: null } => $"{shown}, which was not looked up (too many names)",
            { Forward.Status: DnsStatus.NameError } => $"{shown}, which does not exist",
            { Forward.Status: DnsStatus.NoData } => $"{shown}, which has no {type} record",
            { Forward.Status: DnsStatus.Found } => $"{shown}, whose {Addresses(type, name.Forward)}, not {address}",
            _ => $"{shown}, whose {type} records could not be looked up: {Wording.Trouble(name.Forward)}",
        };
    }

    private static string Addresses(string type, DnsAnswer forward)
    {
        var addresses = forward.Records.OfType<AddressRecord>().Select(record => record.Address.ToString()).ToList();
        return addresses.Count == 1 ? $"{type} record is {addresses[0]}" : $"{type} records are {Wording.Listed(addresses)}";
    }
}
