using Gateway.Smtp;

namespace Gateway.Fuzzing.Smtp;

/// <summary>
/// The header of the PROXY protocol, versions 1 and 2 (<see cref="ProxyHeader"/>). However the octets arrive, the header is the same and
/// ends at the same octet; nothing is taken unless it is complete; a beginning that cannot become a header is known at once and stays none;
/// both versions of what was read are read again as it was.
/// </summary>
internal static class ProxyTarget
{
    private readonly record struct Found(ProxyHeaderStatus Status, ProxyHeader? Header, long Taken);

    public static void Check(ReadOnlySpan<byte> input)
    {
        var whole = Read(input, Math.Max(1, input.Length));
        Property.Same(whole, Read(input, 1), "in segments of an octet, the header is the same");
        Property.Same(whole.Status == ProxyHeaderStatus.Complete, whole.Header is not null, "there is a header if and only if it is complete");
        Property.Same(whole, InTime(input), "a header does not depend on what arrives later");
        if (whole.Header is not { } header)
            return;
        var isPair = header.Source is not null;
        Property.Same(isPair, header.Destination is not null, "a header names both ends or none");
        CheckAgain(header, header.EncodeV2());
        var line = header.EncodeV1();
        Property.Holds(line.Length <= ProxyLine.MaxLength, "a line of version 1 is longer than 107 octets");
        CheckAgain(header, line);
    }

    private static Found Read(ReadOnlySpan<byte> input, int size)
    {
        var octets = Cuts.Segments(input, size);
        var status = ProxyHeader.TryRead(ref octets, out var header);
        var taken = input.Length - octets.Length;
        Property.Holds(taken == 0 || status == ProxyHeaderStatus.Complete, "octets were taken that are no header");
        return new(status, header, taken);
    }

    /// <summary>What the first look that is not in doubt finds. A long header is looked at in larger steps towards its end.</summary>
    private static Found InTime(ReadOnlySpan<byte> input)
    {
        for (var arrived = 1; arrived < input.Length; arrived += 1 + (arrived / 16))
            if (Read(input[..arrived], arrived) is { Status: not ProxyHeaderStatus.Incomplete } early)
                return early;
        return Read(input, Math.Max(1, input.Length));
    }

    private static void CheckAgain(ProxyHeader header, byte[] encoded)
    {
        var again = Read(encoded, encoded.Length);
        Property.Same(encoded.Length, again.Taken, "a header's own octets are a header");
        Property.Same(header, again.Header, "a header's own octets are the same header");
    }
}
