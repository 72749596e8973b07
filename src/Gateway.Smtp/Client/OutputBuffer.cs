using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Smtp;

/// <summary>Collects octets so that they leave in one write. Its memory is rented for one transaction or handshake.</summary>
internal sealed class OutputBuffer : IDisposable
{
    public const int Capacity = 65_536;

    private readonly byte[] _octets = ArrayPool<byte>.Shared.Rent(Capacity);

    public int Length { get; private set; }

    public int Room => Capacity - Length;

    public Span<byte> Free => _octets.AsSpan(Length, Room);

    public ReadOnlyMemory<byte> Written => _octets.AsMemory(0, Length);

    public void Advance(int octets) => Length += octets;

    public void Clear() => Length = 0;

    public void Append(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(Free);
        Length += octets.Length;
    }

    public void Append(string text) => Length += Encoding.UTF8.GetBytes(text, Free);

    public void Append(long number)
    {
        number.TryFormat(Free, out var length, provider: CultureInfo.InvariantCulture);
        Length += length;
    }

    /// <summary>A path in brackets (RFC 5321 §4.1.2); null is the null reverse-path.</summary>
    public void AppendPath(Mailbox? mailbox)
    {
        Append("<"u8);
        if (mailbox is not null)
        {
            Append(mailbox.LocalPart);
            if (mailbox.Domain.Length > 0)
            {
                Append("@"u8);
                Append(mailbox.Domain);
            }
        }
        Append(">"u8);
    }

    /// <summary>Overwrites the octets before the memory goes back to the pool: they may hold a password.</summary>
    public void ClearSecrets()
    {
        _octets.AsSpan(0, Length).Clear();
        Length = 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_octets);
}
