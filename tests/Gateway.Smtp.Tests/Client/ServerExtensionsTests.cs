namespace Gateway.Smtp.Tests.Client;

public class ServerExtensionsTests
{
    [Fact]
    public void The_keywords_of_a_common_server_are_understood()
    {
        var offered = ServerExtensions.Parse(new Reply(250, null,
            "mx.gateway.test", "PIPELINING", "size 52428800", "STARTTLS", "AUTH PLAIN LOGIN", "8BITMIME", "SMTPUTF8", "CHUNKING",
            "DSN", "ENHANCEDSTATUSCODES", "XCLIENT NAME ADDR"));

        Assert.True(offered is
        {
            Pipelining: true, Size: true, MaxMessageSize: 52_428_800, StartTls: true, EightBitMime: true, SmtpUtf8: true,
            Chunking: true, Dsn: true, EnhancedStatusCodes: true,
        });
        Assert.Equal(["PLAIN", "LOGIN"], offered.AuthMechanisms);
        Assert.Contains("XCLIENT", offered.Keywords);
    }

    [Theory]
    [InlineData("SIZE")]
    [InlineData("SIZE 0")] // RFC 1870 §4: no fixed limit
    [InlineData("SIZE many")]
    [InlineData("SIZE -1")]
    [InlineData("SIZE 99999999999999999999")]
    public void A_size_without_a_number_is_no_limit(string keyword)
    {
        var offered = ServerExtensions.Parse(new Reply(250, null, "mx", keyword));
        Assert.True(offered.Size);
        Assert.Null(offered.MaxMessageSize);
    }

    [Fact]
    public void The_first_line_is_a_name_and_an_old_spelling_of_auth_counts()
    {
        var offered = ServerExtensions.Parse(new Reply(250, null, "PIPELINING", "AUTH=LOGIN", ""));
        Assert.False(offered.Pipelining);
        Assert.True(offered.OffersAuth("login"));
    }
}
