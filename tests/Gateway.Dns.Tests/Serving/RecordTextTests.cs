namespace Gateway.Dns.Tests;

public sealed class RecordTextTests
{
    [Theory]
    [InlineData("76.61.54.209.in-addr.arpa. PTR mail.source.com.", "76.61.54.209.in-addr.arpa. PTR mail.source.com.", "as the documentation writes it")]
    [InlineData("76.61.54.209.in-addr.arpa 3600 IN PTR mail.source.com", "76.61.54.209.in-addr.arpa. PTR mail.source.com.", "TTL, class, no final dots")]
    [InlineData("  mail.source.com. a 209.54.61.76  ; the server", "mail.source.com. A 209.54.61.76", "spaces, a comment, a small letter")]
    [InlineData("mail.source.com. AAAA 2001:DB8::25", "mail.source.com. AAAA 2001:db8::25", "IPv6")]
    [InlineData("source.com. MX 10 mail.source.com.", "source.com. MX 10 mail.source.com.", "MX")]
    [InlineData("source.com. MX 0 .", "source.com. MX 0 .", "a null MX")]
    [InlineData("76.61.54.209.in-addr.arpa. CNAME 76.64/28.61.54.209.in-addr.arpa.", "76.61.54.209.in-addr.arpa. CNAME 76.64/28.61.54.209.in-addr.arpa.", "RFC 2317")]
    [InlineData("source.com. NS ns.source.com.", "source.com. NS ns.source.com.", "NS")]
    public void A_line_of_a_zone_file_is_read_and_written(string text, string written, string reason)
    {
        Assert.True(RecordText.TryParse(text, out var record, out var problem), $"{reason}: {problem}");
        Assert.Equal(written, RecordText.Format(record));
        Assert.True(RecordText.TryParse(written, out var again, out _));
        Assert.Equal(record.Owner, again.Owner);
        Assert.Equal(written, RecordText.Format(again));
    }

    [Theory]
    [InlineData("", "it holds no record")]
    [InlineData("; nothing", "it holds no record")]
    [InlineData("mail.source.com.", "the type of the record is missing")]
    [InlineData("mail.source.com. A", "an address is missing")]
    [InlineData("mail.source.com. A 209.54.61", "\"209.54.61\" is not an IPv4 address")]
    [InlineData("mail.source.com. AAAA 209.54.61.76", "\"209.54.61.76\" is not an IPv6 address")]
    [InlineData("mail.source.com. PRT x.", "unknown type \"PRT\"")]
    [InlineData("mail..source.com. A 209.54.61.76", "\"mail..source.com.\" is not a domain name")]
    [InlineData("source.com. MX mail.source.com.", "\"mail.source.com.\" is not a preference from 0 to 65535")]
    [InlineData("a.example. A 192.0.2.1 192.0.2.2", "\"192.0.2.2\" is too much: the record is complete before it")]
    [InlineData("a.example. A 192.0.2.1\nb.example. A 192.0.2.2", "it has more than one line")]
    [InlineData("$INCLUDE /etc/passwd", "$INCLUDE is not possible here")]
    [InlineData("$ORIGIN example.com.", "it holds no record")]
    public void A_mistake_names_what_is_wrong(string text, string expected)
    {
        Assert.False(RecordText.TryParse(text, out var record, out var problem));
        Assert.Null(record);
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }
}
