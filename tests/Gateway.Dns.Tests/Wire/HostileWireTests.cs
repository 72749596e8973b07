using System.Text;

namespace Gateway.Dns.Tests;

public sealed class HostileWireTests
{
    // A header with one question and one answer, then "a." IN PTR, which starts at octet 12.
    private const string Start = "0001 8180 0001 0001 0000 0000" + Question;
    private const string Question = "0161 00 000C 0001";

    public static TheoryData<string, bool, string> Messages => new()
    {
        { "0001 8180 0000 0000 0000 0000", true, "a header alone" },
        { "0001 8180 0000 0000 0000 00", false, "half a count" },
        { "", false, "nothing" },
        { "0001 8180 0001 0000 0000 0000" + Question, true, "one question" },
        { "0001 8180 0002 0000 0000 0000" + Question + Question, false, "two questions (RFC 9619)" },
        { "0001 8180 0001 0000 0000 0000" + Question + "DEADBEEF", true, "octets behind the last record are ignored" },
        { "0001 8180 0001 FFFF 0000 0000" + Question, false, "a count that promises what is not there" },
        { "0001 8180 0001 0000 0000 0000 0161", false, "a name without end" },
        { "0001 8180 0001 0000 0000 0000 4161 00 000C 0001", false, "label type 01" },
        { "0001 8180 0001 0000 0000 0000 8161 00 000C 0001", false, "label type 10" },
        { "0001 8180 0001 0000 0000 0000 C00C 000C 0001", false, "a pointer to itself" },
        { "0001 8180 0001 0000 0000 0000 C000 000C 0001", false, "a pointer into the header" },
        { "0001 8180 0001 0000 0000 0000 C0FF 000C 0001", false, "a pointer over the end" },
        { "0001 8180 0001 0000 0000 0000 C010 000C 0001 00", false, "a pointer ahead" },
        { "0001 8180 0001 0000 0000 0000 C0", false, "half a pointer" },
        { "0001 8180 0001 0000 0000 0000 0161 C00C 000C 0001", false, "a pointer to the name that it ends" },
        { Start + "C00C 000C 0001 0000003C 0002 C00C", true, "PTR to the question's own name" },
        { Start + "C00C 000C 0001 0000003C 0003 C00C00", false, "an octet behind the name in RDATA" },
        { Start + "C00C 000C 0001 0000003C 0001 C00C", false, "a name over the end of RDATA" },
        { Start + "C00C 000C 0001 0000003C 0000", false, "PTR without a name" },
        { Start + "C00C 000C 0001 0000003C 0040 C00C", false, "RDATA over the end" },
        { Start + "C00C 000C 0001 0000003C 0004 0162 C013", true, "a pointer to an earlier pointer" },
        { Start + "C00C 0001 0001 0000003C 0004 C0000201", true, "A" },
        { Start + "C00C 0001 0001 0000003C 0003 C00002", false, "A of three octets" },
        { Start + "C00C 0001 0001 0000003C 0005 C000020101", false, "A of five octets" },
        { Start + "C00C 001C 0001 0000003C 0004 C0000201", false, "AAAA of four octets" },
        { Start + "C00C 000F 0001 0000003C 0002 000A", false, "MX without an exchange" },
        { Start + "C00C 000F 0001 0000003C 0003 000A 00", true, "MX to the root" },
        { Start + "C00C 0010 0001 0000003C 0000", false, "TXT without a string" },
        { Start + "C00C 0010 0001 0000003C 0001 00", true, "TXT with an empty string" },
        { Start + "C00C 0010 0001 0000003C 0002 0261", false, "a string over the end of the message" },
        { Start + "C00C 0010 0001 0000003C 0002 0261 62", false, "a string over the end of RDATA" },
        { Start + "C00C 0006 0001 0000003C 0016 C00C 00 00000001 00000001 00000001 00000001 000000", false, "SOA without its last octets" },
        { Start + "C00C 0006 0001 0000003C 0017 C00C 00 00000001 00000001 00000001 00000001 00000001", true, "SOA" },
        { Start + "C00C FF00 0001 0000003C 0000", true, "an unknown type may be empty" },
        { Start + "00 0029 04D0 00000000 0000", false, "OPT among the answers" },
        { "0001 8180 0000 0000 0000 0001 00 0029 04D0 00000000 0000", true, "OPT" },
        { "0001 8180 0000 0000 0000 0001 0161 00 0029 04D0 00000000 0000", false, "OPT with an owner (RFC 6891 §6.1.2)" },
        { "0001 8180 0000 0000 0000 0002 00 0029 04D0 00000000 0000 00 0029 04D0 00000000 0000", false, "OPT twice (RFC 6891 §6.1.1)" },
        { "0001 8180 0000 0000 0000 0001 00 0029 04D0 00000000 0004 000A 0004", false, "an option over the end" },
        { "0001 8180 0000 0000 0000 0001 00 0029 04D0 00000000 0005 000F 0001 00", false, "an extended error of one octet" },
        { "0001 8180 0000 0000 0000 0001 00 0029 04D0 00000000 0006 000F 0002 0006", true, "an extended error without words" },
        { "0001 8380 0001 0001 0000 0000" + Question + "C00C 000C 00", true, "cut within a record, and it says so (TC)" },
    };

    [Theory, MemberData(nameof(Messages))]
    public void A_message_is_read_only_when_all_of_it_is_right(string hex, bool expected, string reason)
    {
        var isRead = DnsMessageReader.TryRead(Convert.FromHexString(hex.Replace(" ", "")), out _, out var error);

        Assert.True(isRead == expected, $"{reason}: {error}");
    }

    [Fact]
    public void A_name_of_255_octets_is_read_and_one_of_256_is_not()
    {
        Assert.True(Reads(61));
        Assert.False(Reads(62));

        static bool Reads(int last)
        {
            byte[] label = [63, .. Encoding.ASCII.GetBytes(new string('a', 63))];
            byte[] header = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
            return DnsMessageReader.TryRead(
                [.. header, .. label, .. label, .. label, (byte)last, .. new byte[last], 0, 0, 12, 0, 1], out _, out _);
        }
    }

    [Fact]
    public void A_long_chain_of_pointers_ends()
    {
        // A record whose RDATA is nothing but pointers, each to the one before it, and a name that starts at the last one.
        var wire = new List<byte>([0, 1, 0x81, 0x80, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0xFF, 0, 0, 1, 0, 0, 0, 0, 0x20, 0]);
        wire.AddRange([0xC0, 12]);
        for (var at = wire.Count; at < 23 + 0x2000; at += 2)
            wire.AddRange([(byte)(0xC0 | ((at - 2) >> 8)), (byte)(at - 2)]);
        var last = wire.Count - 2;
        wire.AddRange([(byte)(0xC0 | (last >> 8)), (byte)last, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]);

        Assert.False(DnsMessageReader.TryRead(wire.ToArray(), out _, out var error));
        Assert.Contains("too many pointers", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_to_live_with_the_top_bit_set_is_zero()
    {
        var message = Read(Start + "C00C 0001 0001 80000001 0004 C0000201");

        Assert.Equal(TimeSpan.Zero, message.Answers[0].TimeToLive);
    }

    [Fact]
    public void Records_of_other_classes_are_skipped()
    {
        var message = Read("0001 8180 0001 0002 0000 0000" + Question + "C00C 0010 0003 00000000 0001 FF C00C 0001 0001 0000003C 0004 C0000201");

        Assert.IsType<AddressRecord>(Assert.Single(message.Answers));
    }

    [Fact]
    public void The_opt_record_gives_its_upper_bits_to_the_response_code()
    {
        var message = Read("0001 8180 0000 0000 0000 0001 00 0029 04D0 01020000 0009 000F 0005 0006 78797A");

        Assert.Equal(ResponseCode.BadVersion, message.ResponseCode);
        Assert.Equal((ushort?)1232, message.EdnsPayloadSize);
        Assert.Equal(2, message.EdnsVersion);
        Assert.Equal(new ExtendedDnsError(6, "xyz"), Assert.Single(message.ExtendedErrors));
        Assert.Empty(message.Additionals);
    }

    private static DnsMessage Read(string hex)
    {
        Assert.True(DnsMessageReader.TryRead(Convert.FromHexString(hex.Replace(" ", "")), out var message, out var error), error);
        return message;
    }
}
