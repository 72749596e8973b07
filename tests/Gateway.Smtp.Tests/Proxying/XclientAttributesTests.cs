using System.Net;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Smtp.Tests.Proxying;

public class XclientAttributesTests
{
    [Theory]
    [InlineData("ADDR=192.0.2.25", "ADDR=192.0.2.25", "the ordinary")]
    [InlineData("addr=192.0.2.25 NaMe=mail.example.org", "NAME=mail.example.org ADDR=192.0.2.25", "names have no case")]
    [InlineData("  ADDR=192.0.2.25   PORT=1025  ", "ADDR=192.0.2.25 PORT=1025", "spaces")]
    [InlineData("ADDR=IPV6:2001:db8::25", "ADDR=IPV6:2001:db8::25", "IPv6")]
    [InlineData("ADDR=ipv6:2001:DB8::25", "ADDR=IPV6:2001:db8::25", "its tag has no case")]
    [InlineData("ADDR=2001:db8::25", "ADDR=IPV6:2001:db8::25", "IPv6 without its tag")]
    [InlineData("ADDR=IPV6:::ffff:192.0.2.25", "ADDR=192.0.2.25", "a mapped address")]
    [InlineData("ADDR=[UNAVAILABLE] NAME=[unavailable]", "NAME=[UNAVAILABLE] ADDR=[UNAVAILABLE]", "nobody knows")]
    [InlineData("NAME=[TEMPUNAVAIL] REVERSE_NAME=[tempunavail]", "NAME=[TEMPUNAVAIL] REVERSE_NAME=[TEMPUNAVAIL]", "the DNS does not say")]
    [InlineData("NAME=[UNAVAILABLE] REVERSE_NAME=dyn-1.example.net", "NAME=[UNAVAILABLE] REVERSE_NAME=dyn-1.example.net", "unconfirmed")]
    [InlineData("PROTO=smtp", "PROTO=SMTP", "a word")]
    [InlineData("PROTO=ESMTP PORT=[UNAVAILABLE]", "PORT=[UNAVAILABLE] PROTO=ESMTP", "no port")]
    [InlineData("HELO=client+2Eexample", "HELO=client.example", "xtext")]
    [InlineData("HELO=[192.0.2.25]", "HELO=[192.0.2.25]", "a literal")]
    [InlineData("HELO=a+2Bb", "HELO=a+2Bb", "what xtext cannot hold is encoded again")]
    [InlineData("LOGIN=ann+40example.org", "LOGIN=ann@example.org", "an at may stand as it is")]
    [InlineData("LOGIN=ann+20lee", "LOGIN=ann+20lee", "a space")]
    [InlineData("LOGIN=+C3+A4nne", "LOGIN=+C3+A4nne", "UTF-8")]
    [InlineData("LOGIN=a+3db", "LOGIN=a+3Db", "digits in lower case")]
    [InlineData("LOGIN=a=b", "LOGIN=a+3Db", "an equals sign as it is")]
    [InlineData("DESTADDR=IPV6:2001:db8::1 DESTPORT=25", "DESTADDR=IPV6:2001:db8::1 DESTPORT=25", "where the client connected")]
    public void Attributes_are_read_and_written(string argument, string written, string why)
    {
        Assert.True(XclientAttributes.TryParse(argument, out var attributes, out _), why);
        Assert.Equal(written, attributes.ToString());
    }

    [Theory]
    [InlineData("", "expected XCLIENT attribute=value")]
    [InlineData("   ", "expected XCLIENT attribute=value")]
    [InlineData("ADDR", "expected attribute=value")]
    [InlineData("ADDR=", "expected attribute=value")]
    [InlineData("=192.0.2.25", "expected attribute=value")]
    [InlineData("ADDR =192.0.2.25", "expected attribute=value")]
    [InlineData("FROM=ann", "no such attribute: FROM")]
    [InlineData("IDENT=1", "no such attribute: IDENT")]
    [InlineData("ADDR=192.0.2.25 addr=192.0.2.26", "ADDR stands twice")]
    [InlineData("ADDR=[UNAVAILABLE] ADDR=192.0.2.26", "ADDR stands twice")]
    [InlineData("ADDR=192.0.2", "bad ADDR value: 192.0.2")]
    [InlineData("ADDR=192.0.2.025", "bad ADDR value: 192.0.2.025")]
    [InlineData("ADDR=IPV6:192.0.2.25", "bad ADDR value: IPV6:192.0.2.25")]
    [InlineData("ADDR=[192.0.2.25]", "bad ADDR value: [192.0.2.25]")]
    [InlineData("ADDR=fe80::1%2", "bad ADDR value: fe80::1%2")]
    [InlineData("ADDR=[TEMPUNAVAIL]", "bad ADDR value: [TEMPUNAVAIL]")]
    [InlineData("ADDR=mail.example.org", "bad ADDR value: mail.example.org")]
    [InlineData("PORT=65536", "bad PORT value: 65536")]
    [InlineData("PORT=-1", "bad PORT value: -1")]
    [InlineData("PROTO=LMTP", "bad PROTO value: LMTP")]
    [InlineData("NAME=<script>", "bad NAME value: <script>")]
    [InlineData("NAME=a..b", "bad NAME value: a..b")]
    [InlineData("NAME=a.", "bad NAME value: a.")]
    [InlineData("NAME=-a.example", "bad NAME value: -a.example")]
    [InlineData("NAME=192.0.2.25", "bad NAME value: 192.0.2.25")]
    [InlineData("NAME=a+0D+0Ab", "bad NAME value: a+0D+0Ab")]
    [InlineData("REVERSE_NAME=a+20b", "bad REVERSE_NAME value: a+20b")]
    [InlineData("HELO=a+0Ab", "bad HELO value: a+0Ab")]
    [InlineData("HELO=a+20b", "bad HELO value: a+20b")]
    [InlineData("HELO=a+2", "bad HELO value: a+2")]
    [InlineData("HELO=a+GG", "bad HELO value: a+GG")]
    [InlineData("HELO=a+ 2", "bad HELO value: a+")]
    [InlineData("LOGIN=a+00b", "bad LOGIN value: a+00b")]
    [InlineData("LOGIN=a+FF", "bad LOGIN value: a+FF")]
    [InlineData("LOGIN=\u00e4nne", "bad LOGIN value: \u00e4nne")]
    public void Bad_attributes_are_refused(string argument, string expected)
    {
        Assert.False(XclientAttributes.TryParse(argument, out var attributes, out var problem));
        Assert.Null(attributes);
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void A_value_has_255_octets_at_the_most()
    {
        Assert.True(XclientAttributes.TryParse($"HELO={new string('x', 255)}", out _, out _));
        Assert.False(XclientAttributes.TryParse($"HELO={new string('x', 256)}", out _, out var problem));
        Assert.Equal("the value of HELO is too long", problem);
        Assert.False(XclientAttributes.TryParse($"NAME={new string('x', 64)}.example", out _, out _));
    }

    [Fact]
    public void Values_say_whether_they_are_given()
    {
        Assert.True(XclientAttributes.TryParse("ADDR=192.0.2.25 PORT=[UNAVAILABLE] NAME=[TEMPUNAVAIL]", out var attributes, out _));
        Assert.True(attributes.Address is { } given && given.TryGet(out var address) && address.Equals(IPAddress.Parse("192.0.2.25")));
        Assert.Equal(XclientStanding.Unavailable, attributes.Port?.Standing);
        Assert.Equal(XclientStanding.TemporarilyUnavailable, attributes.Name?.Standing);
        Assert.Null(attributes.Helo);
    }

    [Fact]
    public void Any_login_without_controls_survives() =>
        Prop.ForAll<string>(text =>
        {
            var login = string.Concat((text ?? "").Where(static letter => !char.IsControl(letter) && !char.IsSurrogate(letter)).Take(25)) + "x";
            var written = new XclientAttributes { Login = new(login) }.ToString();
            return XclientAttributes.TryParse(written, out var read, out _) && read.Login is { } value && value.Value == login;
        }).QuickCheckThrowOnFailure();
}
