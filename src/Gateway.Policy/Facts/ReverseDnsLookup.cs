using System.Net;
using System.Net.Sockets;
using Gateway.Dns;

namespace Gateway.Policy.Facts;

/// <summary>
/// Looks a client up (RFC 8601 §3): the PTR names of the address, then the addresses of each name, in the client's family
/// only: the other one cannot hold the address, and would double the queries and the exposure to broken servers.
/// </summary>
public sealed class ReverseDnsLookup(IDnsResolver resolver, ReverseDnsOptions options, TimeProvider time)
{
    private readonly int _maxNames = Math.Min(options.MaxNames, options.MaxQueries - 1);

    /// <summary>Trouble with the DNS of any kind is a value: <see cref="IprevStatus.TempError"/>.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer wants the answer.</exception>
    public async Task<ClientFacts> LookupAsync(IPAddress address, CancellationToken cancellationToken)
    {
        address = Normalised(address);
        using var inquiry = new Inquiry(resolver, options.Deadline, time, cancellationToken);
        var reverse = await inquiry.AskInTimeAsync(new(ReverseName.Of(address), RecordType.Ptr));
        // The order of the answer is kept: it decides which names are looked at when there are too many.
        PtrName[] names =
        [
            .. reverse.Answer.Records.OfType<PtrRecord>().Select(record => record.Target).Distinct()
                .Select(name => new PtrName(name, Forward: null, IsConfirmed: false)),
        ];
        if (names.Length == 0)
        {
            // RFC 8601 §2.7.3: name error and no data say that there is no PTR; whatever else says nothing.
            var status = reverse.Answer.Status is DnsStatus.NameError or DnsStatus.NoData ? IprevStatus.PermError : IprevStatus.TempError;
            return new(address, status, [], ReverseDnsWording.WithoutNames(address, reverse.Answer), [reverse], inquiry.Elapsed);
        }
        var confirmation = new ForwardConfirmation(inquiry, address, names, reverse);
        await confirmation.RunAsync(_maxNames);
        return new(address, Judge(names), names, ReverseDnsWording.Of(address, names), confirmation.Trail, inquiry.Elapsed);
    }

    /// <summary>The address that is meant: an IPv4-mapped one is the IPv4 address that it maps, a zone index is nobody else's business.</summary>
    internal static IPAddress Normalised(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
    }

    // One name that leads back is enough, whatever became of the others; and as long as one of them might still lead back,
    // nothing is proven against the client.
    private static IprevStatus Judge(PtrName[] names)
    {
        if (names.Any(name => name.IsConfirmed))
            return IprevStatus.Pass;
        return names.Any(name => name.Forward is { IsTemporaryFailure: true }) ? IprevStatus.TempError : IprevStatus.Fail;
    }
}
