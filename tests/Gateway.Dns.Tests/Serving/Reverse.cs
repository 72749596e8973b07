using System.Net;

namespace Gateway.Dns.Tests.Serving;

/// <summary>The outcome of RFC 8601 §3, in the fewest words: enough to say what kind of client an address is.</summary>
internal static class Reverse
{
    private const int MaxNames = 10;

    public static async Task<string> JudgeAsync(IDnsResolver resolver, IPAddress address)
    {
        var pointers = await resolver.ResolveAsync(new(ReverseName.Of(address), RecordType.Ptr), CancellationToken.None);
        if (pointers.IsTemporaryFailure)
            return "temperror";
        if (pointers.Status != DnsStatus.Found)
            return "permerror";
        var type = ReverseName.Of(address).IsAtOrBelow(DomainName.Parse("ip6.arpa")) ? RecordType.Aaaa : RecordType.A;
        var isUnsure = false;
        foreach (var pointer in pointers.Records.Cast<PtrRecord>().Take(MaxNames))
        {
            var addresses = await resolver.ResolveAsync(new(pointer.Target, type), CancellationToken.None);
            if (addresses.Records.Cast<AddressRecord>().Any(record => record.Address.Equals(address)))
                return "pass";
            isUnsure |= addresses.IsTemporaryFailure;
        }
        return isUnsure ? "temperror" : "fail";
    }
}
