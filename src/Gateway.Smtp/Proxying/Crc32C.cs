using System.Numerics;

namespace Gateway.Smtp;

/// <summary>CRC-32C (RFC 4960 appendix B), in pieces.</summary>
internal static class Crc32C
{
    public const uint Start = uint.MaxValue;

    public static uint Add(uint sum, ReadOnlySpan<byte> octets)
    {
        foreach (var octet in octets)
            sum = BitOperations.Crc32C(sum, octet);
        return sum;
    }

    public static uint End(uint sum) => ~sum;
}
