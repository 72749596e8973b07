using System.Text;

namespace Gateway.Smtp.Tests.Client;

public class AuthenticationTests
{
    private static readonly SmtpClientOptions InClear = Samples.Options with
    {
        Credentials = new SmtpCredentials("relay", "s3cret"),
        AuthenticateInClear = true,
    };

    private readonly FakeServer _server = new();

    [Fact]
    public async Task PLAIN_takes_one_round_trip()
    {
        _server.Keywords.Add("AUTH LOGIN PLAIN");
        _server.Answers.Add(("AUTH PLAIN", "235 2.7.0 Welcome"));
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server), InClear);

        Assert.Equal($"AUTH PLAIN {Base64("\0relay\0s3cret")}", _server.Commands[^1]);
    }

    [Fact]
    public async Task LOGIN_is_used_where_PLAIN_is_not_offered()
    {
        _server.Keywords.Add("AUTH LOGIN");
        _server.Answers.AddRange([
            ("AUTH LOGIN", "334 VXNlcm5hbWU6"), (Base64("relay"), "334 UGFzc3dvcmQ6"), (Base64("s3cret"), "235 2.7.0 Welcome")]);
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server), InClear);

        Assert.Equal(["AUTH LOGIN", Base64("relay"), Base64("s3cret")], _server.Commands[1..]);
    }

    [Theory]
    [InlineData("AUTH PLAIN", "535 5.7.8 No")]
    [InlineData("AUTH LOGIN", "454 4.7.0 Later")]
    public async Task A_refusal_of_credentials_is_handed_on(string mechanism, string reply)
    {
        _server.Keywords.Add(mechanism);
        _server.Answers.Add(("AUTH", reply));

        var result = await SmtpClient.ConnectAsync(new FakeServerStream(_server), InClear, TimeProvider.System, default);

        Assert.Equal(reply, Assert.IsType<ConnectResult.Refused>(result).Reply.ToString());
    }

    [Fact]
    public async Task Credentials_are_not_sent_in_the_clear()
    {
        _server.Keywords.Add("AUTH PLAIN LOGIN");
        var options = InClear with { AuthenticateInClear = false };

        var result = await SmtpClient.ConnectAsync(new FakeServerStream(_server), options, TimeProvider.System, default);

        Assert.Equal("credentials are only sent over TLS whose certificate is verified", Assert.IsType<ConnectResult.Failed>(result).Reason);
        Assert.DoesNotContain(_server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AUTH CRAM-MD5")]
    [InlineData("HELP")]
    public async Task A_server_without_a_mechanism_that_we_know_has_failed(string keyword)
    {
        _server.Keywords.Add(keyword);
        Assert.IsType<ConnectResult.Failed>(
            await SmtpClient.ConnectAsync(new FakeServerStream(_server), InClear, TimeProvider.System, default));
    }

    [Theory]
    [InlineData("AUTH PLAIN", "334 ")]
    [InlineData("AUTH PLAIN", "nonsense")]
    public async Task No_text_of_ours_contains_the_secret(string command, string answer)
    {
        _server.Keywords.Add("AUTH PLAIN");
        _server.Answers.Add((command, answer));

        var result = await SmtpClient.ConnectAsync(new FakeServerStream(_server), InClear, TimeProvider.System, default);

        var text = Assert.IsType<ConnectResult.Failed>(result).ToString() + InClear;
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Base64("\0relay\0s3cret"), text, StringComparison.Ordinal);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
