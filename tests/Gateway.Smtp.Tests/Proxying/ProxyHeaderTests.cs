using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Smtp.Tests.Proxying;

public class ProxyHeaderTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];
    private static readonly byte[] Ipv4Block = [192, 0, 2, 25, 198, 51, 100, 1, 0x04, 0x01, 0x00, 0x19];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 1025 25\r\n", "192.0.2.25:1025", "198.51.100.1:25", "the ordinary")]
    [InlineData("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535", "255.255.255.255:65535", "the longest (§2.1)")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 0 0\r\n", "192.0.2.25:0", "198.51.100.1:0", "a port of one nought")]
    [InlineData("PROXY TCP6 2001:db8::25 2001:db8::1 1025 25\r\n", "[2001:db8::25]:1025", "[2001:db8::1]:25", "IPv6")]
    [InlineData("PROXY TCP6 2001:DB8:0:0:0:0:0:25 2001:db8::1 1025 25\r\n", "[2001:db8::25]:1025", "[2001:db8::1]:25", "IPv6 in full (§2.1)")]
    [InlineData("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "the longest (§2.1)")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.25 ::ffff:198.51.100.1 1025 25\r\n", "192.0.2.25:1025", "198.51.100.1:25", "mapped addresses")]
    [InlineData("PROXY UNKNOWN\r\n", null, null, "the short form")]
    [InlineData("PROXY UNKNOWN ffff::1 whatever it says\r\n", null, null, "the rest is ignored (§2.1)")]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n", null, null, "107 octets")]
    public void Lines_are_read(string text, string? source, string? destination, string why)
    {
        var (status, header, rest) = Read(Encoding.Latin1.GetBytes(text + "EHLO x\r\n"));
        Assert.True(status == ProxyHeaderStatus.Complete, why);
        Assert.Equal(source, header!.Source?.ToString());
        Assert.Equal(destination, header.Destination?.ToString());
        Assert.Equal("EHLO x\r\n", Encoding.Latin1.GetString(rest));
    }

    [Theory]
    [InlineData("EHLO client.example\r\n", "no header: an SMTP client")]
    [InlineData("proxy TCP4 192.0.2.25 198.51.100.1 1025 25\r\n", "the case is fixed")]
    [InlineData("PROXY  TCP4 192.0.2.25 198.51.100.1 1025 25\r\n", "two spaces")]
    [InlineData("PROXY TCP4 192.0.2.25  198.51.100.1 1025 25\r\n", "two spaces inside")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 1025 25 \r\n", "a space at the end")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 1025\r\n", "a port is missing")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 1025 25 25\r\n", "a field too many")]
    [InlineData("PROXY TCP4 192.0.2.025 198.51.100.1 1025 25\r\n", "a leading zero in an address")]
    [InlineData("PROXY TCP4 192.0.2 198.51.100.1 1025 25\r\n", "an address with a number too few")]
    [InlineData("PROXY TCP4 192.0.2.256 198.51.100.1 1025 25\r\n", "no address")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 01025 25\r\n", "a leading zero in a port")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 65536 25\r\n", "no port")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 -1 25\r\n", "a signed port")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 +1 25\r\n", "a signed port")]
    [InlineData("PROXY TCP4 2001:db8::25 2001:db8::1 1025 25\r\n", "TCP4 with IPv6 addresses")]
    [InlineData("PROXY TCP6 192.0.2.25 198.51.100.1 1025 25\r\n", "TCP6 with IPv4 addresses")]
    [InlineData("PROXY TCP6 2001:db8::25 198.51.100.1 1025 25\r\n", "two families")]
    [InlineData("PROXY TCP6 [2001:db8::25] [2001:db8::1] 1025 25\r\n", "brackets")]
    [InlineData("PROXY TCP6 fe80::1%2 2001:db8::1 1025 25\r\n", "a zone is no part of an address")]
    [InlineData("PROXY TCP6 2001:db8::25::1 2001:db8::1 1025 25\r\n", "two gaps")]
    [InlineData("PROXY UDP4 192.0.2.25 198.51.100.1 1025 25\r\n", "no such family")]
    [InlineData("PROXY UNKNOWNS\r\n", "no such family")]
    [InlineData("PROXY \r\n", "nothing")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 1025 25\n", "LF alone")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 1025 25\rX\n", "CR alone")]
    [InlineData("PROXY TCP4 192.0.2.25\t198.51.100.1 1025 25\r\n", "a tab")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 1025 25\0\r\n", "a NUL")]
    [InlineData("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 655355\r\n", "108 octets")]
    public void Lines_that_are_no_header_are_refused(string text, string why)
    {
        var (status, _, rest) = Read(Encoding.Latin1.GetBytes(text));
        Assert.True(status == ProxyHeaderStatus.Invalid, why);
        Assert.Equal(text, Encoding.Latin1.GetString(rest));
    }

    [Theory]
    [InlineData(0x21, 0x11, "C00002 19C6336401 0401 0019", "192.0.2.25:1025", "TCP over IPv4")]
    [InlineData(0x21, 0x21, "20010DB8000000000000000000000025 20010DB8000000000000000000000001 0401 0019", "[2001:db8::25]:1025", "TCP over IPv6")]
    [InlineData(0x21, 0x21, "00000000000000000000FFFFC0000219 00000000000000000000FFFFC6336401 0401 0019", "192.0.2.25:1025", "mapped addresses")]
    [InlineData(0x21, 0x11, "C0000219C63364010401 0019 04000200 00 EE000141", "192.0.2.25:1025", "TLVs, of which nobody knows one")]
    [InlineData(0x21, 0x12, "C0000219C633640104010019", null, "UDP is no client of ours")]
    [InlineData(0x21, 0x10, "C0000219C633640104010019", null, "an unspecified transport")]
    [InlineData(0x21, 0x00, "", null, "unspecified")]
    [InlineData(0x21, 0x00, "0102030405", null, "unspecified, with whatever")]
    [InlineData(0x20, 0x00, "", null, "LOCAL")]
    [InlineData(0x20, 0x11, "C0000219C633640104010019", null, "LOCAL: the addresses are ignored")]
    [InlineData(0x20, 0xFF, "0102", null, "LOCAL: the family is ignored, too (§2.2)")]
    public void Blocks_are_read(byte command, byte family, string body, string? source, string why)
    {
        var (status, header, rest) = Read([.. Block(command, family, Convert.FromHexString(body.Replace(" ", "", StringComparison.Ordinal))), 1, 2, 3]);
        Assert.True(status == ProxyHeaderStatus.Complete, why);
        Assert.Equal(source, header!.Source?.ToString());
        Assert.Equal([1, 2, 3], rest);
    }

    [Fact]
    public void A_unix_socket_has_no_address() =>
        Assert.Equal((ProxyHeaderStatus.Complete, ProxyHeader.Local), Outcome(Block(0x21, 0x31, new byte[216])));

    [Theory]
    [InlineData(0x11, 0x11, "C0000219C633640104010019", "version 1 in the binary form")]
    [InlineData(0x22, 0x11, "C0000219C633640104010019", "no such command")]
    [InlineData(0x21, 0x41, "C0000219C633640104010019", "no such family")]
    [InlineData(0x21, 0x13, "C0000219C633640104010019", "no such transport")]
    [InlineData(0x21, 0x11, "C0000219C6336401040100", "too short for its family")]
    [InlineData(0x21, 0x21, "C0000219C633640104010019", "too short for its family")]
    [InlineData(0x21, 0x31, "C0000219C633640104010019", "too short for its family")]
    [InlineData(0x21, 0x11, "C0000219C6336401040100190400", "half the head of a TLV")]
    [InlineData(0x21, 0x11, "C0000219C633640104010019040005AA", "a TLV that goes beyond the header")]
    [InlineData(0x21, 0x11, "C0000219C6336401040100190300030102 03", "a checksum of three octets")]
    [InlineData(0x21, 0x11, "C0000219C633640104010019030004DEADBEEF", "a wrong checksum")]
    public void Blocks_that_are_no_header_are_refused(byte command, byte family, string body, string why) =>
        Assert.True(Outcome(Block(command, family, Convert.FromHexString(body.Replace(" ", "", StringComparison.Ordinal)))).Status == ProxyHeaderStatus.Invalid, why);

    [Fact]
    public void A_block_says_how_long_it_is_and_may_not_be_endless()
    {
        Assert.Equal(ProxyHeaderStatus.Complete, Outcome(Block(0x20, 0x00, new byte[4096])).Status);
        // Known by the length alone: nothing of it needs to be held.
        Assert.Equal(ProxyHeaderStatus.Invalid, Outcome([.. Signature, 0x20, 0x00, 0x10, 0x01]).Status);
    }

    [Fact]
    public void The_right_checksum_is_accepted_and_any_changed_bit_is_not()
    {
        var block = Block(0x21, 0x11, [.. Ipv4Block, 0x04, 0, 1, 0, 0x03, 0, 4, 0, 0, 0, 0]);
        BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(block.Length - 4), SlowCrc32C(block));
        Assert.Equal(ProxyHeaderStatus.Complete, Outcome(block).Status);
        // The addresses: what is in front of them makes another header of it.
        for (var bit = 16 * 8; bit < 28 * 8; bit++)
        {
            block[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(ProxyHeaderStatus.Invalid, Outcome(block).Status);
            block[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 1025 25\r\n")]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("EHLO client.example\r\n")]
    [InlineData("PROXY TCP4 192.0.2.25 198.51.100.1 1025 25\n")]
    public void A_line_is_the_same_however_it_is_cut(string text) => SameHoweverCut(Encoding.Latin1.GetBytes(text));

    [Fact]
    public void A_block_is_the_same_however_it_is_cut() => SameHoweverCut(Block(0x21, 0x11, Ipv4Block));

    [Fact]
    public void What_is_encoded_is_read_again()
    {
        Prop.ForAll(Endpoints.ToArbitrary(), Endpoints.ToArbitrary(), (source, destination) =>
        {
            var header = new ProxyHeader(source, destination);
            return Outcome(header.EncodeV1()) == (ProxyHeaderStatus.Complete, header) && Outcome(header.EncodeV2()) == (ProxyHeaderStatus.Complete, header);
        }).QuickCheckThrowOnFailure();
        Assert.Equal((ProxyHeaderStatus.Complete, ProxyHeader.Local), Outcome(ProxyHeader.Local.EncodeV1()));
        Assert.Equal((ProxyHeaderStatus.Complete, ProxyHeader.Local), Outcome(ProxyHeader.Local.EncodeV2()));
    }

    [Fact]
    public void Any_octets_are_judged_and_none_are_taken_of_what_is_no_header() =>
        Prop.ForAll<byte[]>(octets =>
        {
            var (status, header, rest) = Read(octets ?? []);
            return (status == ProxyHeaderStatus.Complete) == (header is not null) && (header is not null || rest.SequenceEqual(octets ?? []));
        }).QuickCheckThrowOnFailure();

    // A mapped address is read as the one that it maps, and so never comes back.
    private static Gen<IPEndPoint> Endpoints =>
        from size in Gen.Elements(4, 16)
        from octets in Gen.Choose(0, 255).ArrayOf(size)
        from port in Gen.Choose(0, 65535)
        let address = new IPAddress([.. octets.Select(static octet => (byte)octet)])
        where !address.IsIPv4MappedToIPv6
        select new IPEndPoint(address, port);

    private static void SameHoweverCut(byte[] octets)
    {
        var expected = Outcome(octets);
        for (var cut = 0; cut <= octets.Length; cut++)
        {
            var begun = Outcome(octets[..cut]).Status;
            Assert.True(begun == ProxyHeaderStatus.Incomplete || begun == expected.Status);
            Assert.Equal(expected, Outcome(octets[..cut], octets[cut..]));
        }
        Assert.Equal(expected, Outcome([.. octets.Select(octet => new[] { octet })]));
    }

    private static byte[] Block(byte command, byte family, byte[] body)
    {
        byte[] block = [.. Signature, command, family, 0, 0, .. body];
        BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(14), (ushort)body.Length);
        return block;
    }

    private static uint SlowCrc32C(byte[] octets)
    {
        var sum = uint.MaxValue;
        foreach (var octet in octets)
        {
            sum ^= octet;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum >> 1) ^ ((sum & 1) * 0x82F63B78);
        }
        return ~sum;
    }

    private static (ProxyHeaderStatus Status, ProxyHeader? Header) Outcome(params byte[][] pieces)
    {
        var (status, header, _) = Read(pieces);
        return (status, header);
    }

    private static (ProxyHeaderStatus Status, ProxyHeader? Header, byte[] Left) Read(params byte[][] pieces)
    {
        var octets = Piece.Join(pieces);
        var status = ProxyHeader.TryRead(ref octets, out var header);
        return (status, header, octets.ToArray());
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        private Piece(byte[] octets, long at) => (Memory, RunningIndex) = (octets, at);

        public static ReadOnlySequence<byte> Join(byte[][] pieces)
        {
            var first = new Piece(pieces.Length > 0 ? pieces[0] : [], 0);
            var last = first;
            foreach (var octets in pieces.Skip(1))
            {
                var next = new Piece(octets, last.RunningIndex + last.Memory.Length);
                last.Next = next;
                last = next;
            }
            return new(first, 0, last, last.Memory.Length);
        }
    }
}
