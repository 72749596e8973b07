namespace Gateway.Smtp.Tests.Values;

public class PathTests
{
    [Theory]
    [InlineData("TO:<bob@gateway.test>", "bob", "gateway.test", "the ordinary")]
    [InlineData("to:<bob@gateway.test>", "bob", "gateway.test", "commands have no case")]
    [InlineData("TO: <bob@gateway.test>", "bob", "gateway.test", "a space behind the colon is common")]
    [InlineData("TO:<Bob@Gateway.Test>", "Bob", "Gateway.Test", "spelling is kept")]
    [InlineData("TO:<@own.test:user@foreign.test>", "user", "foreign.test", "a source route is dropped (KB304897)")]
    [InlineData("TO:<@a.test,@b.test:user@foreign.test>", "user", "foreign.test", "a longer source route, too")]
    [InlineData("TO:<user%foreign.test@own.test>", "user%foreign.test", "own.test", "% stays in the local part (KB304897)")]
    [InlineData("TO:<foreign.test!user@own.test>", "foreign.test!user", "own.test", "! stays in the local part (KB304897)")]
    [InlineData("TO:<\"user@foreign.test\"@own.test>", "\"user@foreign.test\"", "own.test", "quotes are kept (KB304897)")]
    [InlineData("TO:<\"a \\\" b\"@own.test>", "\"a \\\" b\"", "own.test", "a quoted pair")]
    [InlineData("TO:<user@[192.0.2.1]>", "user", "[192.0.2.1]", "an IPv4 literal (KB304897)")]
    [InlineData("TO:<user@[IPv6:2001:db8::1]>", "user", "[IPv6:2001:db8::1]", "an IPv6 literal")]
    [InlineData("TO:<user@[x-tag:what]>", "user", "[x-tag:what]", "a general literal")]
    [InlineData("TO:<Postmaster>", "Postmaster", "", "RFC 5321 §4.5.1")]
    [InlineData("TO:<postMASTER>", "postMASTER", "", "in any case")]
    [InlineData("TO:<bob@my_host.test>", "bob", "my_host.test", "underscores exist")]
    [InlineData("TO:user@destinationdomain.com", "user", "destinationdomain.com", "as KB300171 types it")]
    [InlineData("TO:<a.b+c=d/e@x>", "a.b+c=d/e", "x", "atoms, and a domain of one label")]
    public void Recipients_are_read(string argument, string localPart, string domain, string why)
    {
        Assert.Null(PathSyntax.ReadRcpt(argument, smtpUtf8: false, out var path));
        Assert.True(path.Mailbox == new Mailbox(localPart, domain), why);
    }

    [Theory]
    [InlineData("TO:bob", "501 5.5.4", "neither angle brackets nor a domain")]
    [InlineData("TO:postmaster", "501 5.5.4", "the postmaster alone needs brackets")]
    [InlineData("TO:@a.example:bob@gateway.test", "501 5.1.3", "a route needs brackets")]
    [InlineData("TO:bob@gateway.test>", "501 5.5.4", "half a pair of brackets")]
    [InlineData("TO <bob@gateway.test>", "501 5.5.4", "no colon")]
    [InlineData("", "501 5.5.4", "nothing")]
    [InlineData("TO:<>", "501 5.1.3", "no null recipient")]
    [InlineData("TO:<bob>", "501 5.1.3", "no domain")]
    [InlineData("TO:<relaytest%contoso.net>", "501 5.1.3", "no domain (KB304897)")]
    [InlineData("TO:<\"nobody@mail-contoso.org\">", "501 5.1.3", "no domain (KB304897)")]
    [InlineData("TO:<user@foreign.test@own.test>", "501 5.1.3", "two @ (KB304897)")]
    [InlineData("TO:<user@own.test.>", "501 5.1.3", "a dot at the end makes two spellings of one domain")]
    [InlineData("TO:<user@own..test>", "501 5.1.3", "an empty label")]
    [InlineData("TO:<user@-own.test>", "501 5.1.3", "a hyphen in front")]
    [InlineData("TO:<user@own.test", "501 5.1.3", "not closed")]
    [InlineData("TO:<.user@own.test>", "501 5.1.3", "a dot in front")]
    [InlineData("TO:<us er@own.test>", "501 5.1.3", "a space that is not quoted")]
    [InlineData("TO:<\"user@own.test>", "501 5.1.3", "a quote that is not closed")]
    [InlineData("TO:<user@[192.0.2.256]>", "501 5.1.3", "no address")]
    [InlineData("TO:<user@[2001:db8::1]>", "501 5.1.3", "IPv6 without its tag")]
    [InlineData("TO:<user@[IPv6:fe80::1%eth0]>", "501 5.1.3", "a zone is no part of an address")]
    [InlineData("TO:<user@[192.0.2.1>", "501 5.1.3", "the bracket is not closed")]
    [InlineData("TO:<@own.test:>", "501 5.1.3", "a source route to nobody")]
    [InlineData("TO:<@own.test user@foreign.test>", "501 5.1.3", "a source route without its colon")]
    [InlineData("TO:<bob@gateway.test>x", "501 5.5.4", "no space before parameters")]
    [InlineData("TO:<bob@gateway.test> NOTIFY=NEVER", "555 5.5.4", "DSN is not offered")]
    [InlineData("TO:<b\u00f6b@gateway.test>", "553 5.6.7", "SMTPUTF8 was not given")]
    public void Bad_recipients_are_refused(string argument, string reply, string why)
    {
        var refusal = PathSyntax.ReadRcpt(argument, smtpUtf8: false, out _);
        Assert.True(refusal is not null, why);
        Assert.StartsWith(reply, refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b\u00f6b@gateway.test", true, "a local part of RFC 6531")]
    [InlineData("bob@g\u00e4teway.test", true, "a U-label")]
    [InlineData("bob@gateway\u3002test", false, "a dot of another script would make two readings")]
    [InlineData("bob@gate\u200bway.test", false, "what cannot be seen")]
    [InlineData("b\u0085b@gateway.test", false, "a control character beyond ASCII")]
    public void Smtputf8_lets_other_scripts_in(string mailbox, bool isAccepted, string why) =>
        Assert.True(PathSyntax.ReadRcpt($"TO:<{mailbox}>", smtpUtf8: true, out _) is null == isAccepted, why);

    [Theory]
    [InlineData(64, 63, true)]
    [InlineData(65, 63, false)]
    public void A_local_part_has_at_most_64_octets(int localPart, int domain, bool isAccepted) =>
        Assert.Equal(isAccepted, PathSyntax.ReadRcpt($"TO:<{new string('a', localPart)}@{new string('b', domain)}>", false, out _) is null);

    [Fact]
    public void A_path_has_at_most_256_octets()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 49), 5)); // 249 octets
        Assert.Null(PathSyntax.ReadRcpt($"TO:<aaaa@{domain}>", false, out _));
        Assert.Contains("256", PathSyntax.ReadRcpt($"TO:<aaaaa@{domain}>", false, out _)!.ToString(), StringComparison.Ordinal);
        Assert.Contains("255", PathSyntax.ReadRcpt($"TO:<a@{domain}.cccccc>", false, out _)!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_brackets_count_of_a_path_that_stands_without_them()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 49), 5)); // 249 octets
        Assert.Null(PathSyntax.ReadRcpt($"TO:aaaa@{domain}", false, out _));
        Assert.Contains("256", PathSyntax.ReadRcpt($"TO:aaaaa@{domain}", false, out _)!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FROM:<>", null, BodyType.Unspecified, false, "the null reverse-path")]
    [InlineData("FROM:<> SIZE=0", 0L, BodyType.Unspecified, false, "a size")]
    [InlineData("FROM: <ann@example.org>  size=17  body=8bitmime", 17L, BodyType.EightBitMime, false, "any case, any spaces")]
    [InlineData("FROM:<ann@example.org> BODY=7BIT SMTPUTF8", null, BodyType.SevenBit, true, "all")]
    [InlineData("FROM:<ann@example.org> SIZE=99999999999999999999", long.MaxValue, BodyType.Unspecified, false, "20 digits")]
    [InlineData("FROM:user@source.com SIZE=17", 17L, BodyType.Unspecified, false, "typed without angle brackets")]
    [InlineData("FROM:<\u00e4nn@example.org> SMTPUTF8", null, BodyType.Unspecified, true, "the parameter stands behind the path")]
    public void Senders_and_parameters_are_read(string argument, long? size, BodyType body, bool utf8, string why)
    {
        Assert.Null(PathSyntax.ReadMail(argument, out _, out var parameters));
        Assert.True(parameters == new MailParameters(size, body, utf8), why);
    }

    [Theory]
    [InlineData("FROM:<spamtest>", "501 5.1.7", "no domain (KB304897)")]
    [InlineData("FROM:<postmaster>", "501 5.1.7", "the bare postmaster only receives")]
    [InlineData("FROM:ann", "501 5.5.4", "neither angle brackets nor a domain")]
    [InlineData("FROM:", "501 5.5.4", "not even the null reverse-path")]
    [InlineData("FROM:<ann@example.org> SIZE=", "501 5.5.4", "no size")]
    [InlineData("FROM:<ann@example.org> SIZE=-1", "501 5.5.4", "no size")]
    [InlineData("FROM:<ann@example.org> SIZE=1 SIZE=2", "501 5.5.4", "which?")]
    [InlineData("FROM:<ann@example.org> BODY=BINARYMIME", "501 5.5.4", "not offered")]
    [InlineData("FROM:<ann@example.org> SMTPUTF8=yes", "501 5.5.4", "takes no value")]
    [InlineData("FROM:<ann@example.org> AUTH=<>", "555 5.5.4", "not offered")]
    [InlineData("FROM:<ann@example.org>SIZE=1", "501 5.5.4", "no space")]
    [InlineData("FROM:<\u00e4nn@example.org>", "550 5.6.7", "SMTPUTF8 was not given")]
    public void Bad_senders_are_refused(string argument, string reply, string why)
    {
        var refusal = PathSyntax.ReadMail(argument, out _, out _);
        Assert.True(refusal is not null, why);
        Assert.StartsWith(reply, refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client.example", true)]
    [InlineData("my_pc", true)]
    [InlineData("[192.0.2.1]", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("cli\u00ebnt", false)]
    public void A_helo_name_is_taken_unless_no_host_could_have_it(string name, bool isTaken) =>
        Assert.Equal(isTaken, Helo.TryParse(name, isExtended: true, out _));

    [Theory]
    [InlineData("<>")]
    [InlineData("<ann@example.org>")]
    [InlineData("<\"a b\"@[IPv6:::1]>")]
    public void A_path_is_read_as_it_is_written(string text)
    {
        Assert.True(ReversePath.TryParse(text, out var path));
        Assert.Equal(text, path.ToString());
        Assert.False(ReversePath.TryParse(text + " ", out _));
    }

    [Fact]
    public void A_mailbox_is_read_without_brackets()
    {
        Assert.True(Mailbox.TryParse("ann@example.org", out var mailbox));
        Assert.Equal(new Mailbox("ann", "example.org"), mailbox);
        Assert.False(Mailbox.TryParse("<ann@example.org>", out _));
    }
}
