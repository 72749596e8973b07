using System.Buffers;
using System.Net;
using System.Text;

namespace Gateway.Smtp.Tests.Proxying;

/// <summary>Whatever a connection begins with, nothing is thrown, and nothing but a header is taken.</summary>
public class HostileProxyTests
{
    private const int Rounds = 20_000;

    private static readonly byte[][] Seeds =
    [
        .. new[] { "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1" }.Select(IPAddress.Parse).SelectMany(address =>
        {
            var header = new ProxyHeader(new(address, 1025), new(address, 25));
            return new[] { header.EncodeV1(), header.EncodeV2() };
        }),
        ProxyHeader.Local.EncodeV1(), ProxyHeader.Local.EncodeV2(),
    ];

    private static readonly string[] Attributes =
    [
        "ADDR=IPV6:2001:db8::1 PORT=25 NAME=a.example REVERSE_NAME=[TEMPUNAVAIL]", "LOGIN=a+C3+A4 HELO=x+3D PROTO=ESMTP",
        "DESTADDR=192.0.2.1 DESTPORT=65535 ADDR=[UNAVAILABLE]",
    ];

    [Fact]
    public void Mutated_headers_throw_nothing_and_name_no_mapped_address()
    {
        var chance = new Random(4);
        for (var round = 0; round < Rounds; round++)
        {
            var octets = Mutated(Seeds[chance.Next(Seeds.Length)], chance);
            var rest = new ReadOnlySequence<byte>(octets);
            var status = ProxyHeader.TryRead(ref rest, out var header);
            Assert.Equal(status == ProxyHeaderStatus.Complete, header is not null);
            Assert.Equal(status == ProxyHeaderStatus.Complete, rest.Length < octets.Length);
            Assert.NotEqual(true, header?.Source?.Address.IsIPv4MappedToIPv6);
        }
    }

    [Fact]
    public void Mutated_attributes_throw_nothing_and_what_is_read_is_written_alike()
    {
        var chance = new Random(4);
        for (var round = 0; round < Rounds; round++)
        {
            var text = Encoding.Latin1.GetString(Mutated(Encoding.Latin1.GetBytes(Attributes[chance.Next(Attributes.Length)]), chance));
            if (!XclientAttributes.TryParse(text, out var attributes, out _))
                continue;
            Assert.True(XclientAttributes.TryParse(attributes.ToString(), out var again, out var problem), problem);
            Assert.Equal(attributes, again);
        }
    }

    [Fact]
    public void Mutated_responses_throw_nothing_and_give_no_control_character()
    {
        var chance = new Random(4);
        byte[][] seeds = [.. new[] { "\0ann\0secret", "ann\0ann\0\u00e4\u0085", "\u20ac" }.Select(static text => Encoding.UTF8.GetBytes(text))];
        for (var round = 0; round < Rounds; round++)
        {
            var exchange = SaslExchange.Begin(round % 2 == 0 ? "PLAIN" : "login")!;
            var octets = Mutated(seeds[chance.Next(seeds.Length)], chance);
            var response = chance.Next(4) == 0 ? octets : Encoding.ASCII.GetBytes(Convert.ToBase64String(octets));
            var reply = exchange.TakeInitial(response, out var credentials);
            Assert.Equal(reply is null, credentials is not null);
            if (credentials is not null)
                Assert.DoesNotContain(credentials.UserName, char.IsControl);
        }
    }

    private static byte[] Mutated(byte[] seed, Random chance)
    {
        var octets = seed.ToList();
        for (var i = chance.Next(6); i > 0 && octets.Count > 0; i--)
        {
            var at = chance.Next(octets.Count);
            switch (chance.Next(4))
            {
                case 0:
                    octets[at] = (byte)chance.Next(256);
                    break;
                case 1:
                    octets[at] ^= (byte)(1 << chance.Next(8));
                    break;
                case 2:
                    octets.RemoveRange(at, chance.Next(octets.Count - at) / 4);
                    break;
                default:
                    octets.InsertRange(at, octets.Take(chance.Next(40)).ToArray());
                    break;
            }
        }
        return [.. octets];
    }
}
