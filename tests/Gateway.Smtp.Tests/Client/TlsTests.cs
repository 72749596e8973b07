namespace Gateway.Smtp.Tests.Client;

public class TlsTests
{
    private static readonly SmtpClientOptions Opportunistic = Samples.Options with { Tls = TlsUse.Opportunistic };
    private static readonly SmtpClientOptions Required = Samples.Options with { Tls = TlsUse.Required, TlsHostName = "mx.gateway.test" };

    private readonly FakeServer _server = new();

    [Fact]
    public async Task Opportunistic_TLS_takes_any_certificate_and_asks_again_behind_it()
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server);
        var result = await server.ConnectAsync(Opportunistic);
        await using var client = Assert.IsType<ConnectResult.Connected>(result).Client;

        Assert.True(client.IsSecured);
        Assert.Equal(["EHLO gateway.test", "STARTTLS", "EHLO gateway.test"], _server.Commands);
        Assert.IsType<SendResult.Delivered>(await client.SendAsync("bob"));
        Assert.True(client.LooksAlive());
        Assert.Equal([Samples.Text], _server.Texts);
    }

    [Fact]
    public async Task Required_TLS_refuses_a_certificate_that_does_not_verify()
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server);

        var failed = Assert.IsType<ConnectResult.Failed>(await server.ConnectAsync(Required));

        Assert.True(failed.InHandshake);
        Assert.Equal("STARTTLS", _server.Commands[^1]);
    }

    [Fact]
    public async Task A_verification_of_our_own_replaces_the_system_s()
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server);
        var thumbprint = server.Thumbprint;
        var options = Required with { VerifyCertificate = (_, certificate, _, _) => certificate!.GetCertHashString() == thumbprint };

        await using var client = Assert.IsType<ConnectResult.Connected>(await server.ConnectAsync(options)).Client;

        Assert.True(client.IsSecured);
    }

    [Fact]
    public async Task Implicit_TLS_comes_before_the_greeting()
    {
        await using var server = new TcpFakeServer(_server, isImplicit: true);
        var thumbprint = server.Thumbprint;
        var options = Required with
        {
            Tls = TlsUse.Implicit,
            VerifyCertificate = (_, certificate, _, _) => certificate!.GetCertHashString() == thumbprint,
        };

        await using var client = Assert.IsType<ConnectResult.Connected>(await server.ConnectAsync(options)).Client;

        Assert.True(client.IsSecured);
        Assert.Equal(["EHLO gateway.test"], _server.Commands);
    }

    [Fact]
    public async Task Plaintext_behind_the_answer_to_STARTTLS_is_refused()
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server) { Injected = "250-injected\r\n250 AUTH PLAIN\r\n" };

        var failed = Assert.IsType<ConnectResult.Failed>(await server.ConnectAsync(Opportunistic));

        Assert.False(failed.InHandshake); // an attack is no reason to come again without TLS
        Assert.Contains("plaintext", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_handshake_is_told_from_other_failures()
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server) { BreaksHandshake = true };

        Assert.True(Assert.IsType<ConnectResult.Failed>(await server.ConnectAsync(Opportunistic)).InHandshake);
    }

    [Fact]
    public async Task Where_STARTTLS_is_not_offered_only_opportunistic_TLS_goes_on()
    {
        await using var client = await Samples.ConnectAsync(new FakeServerStream(new FakeServer()), Opportunistic);
        Assert.False(client.IsSecured);

        var result = await SmtpClient.ConnectAsync(new FakeServerStream(_server), Required, TimeProvider.System, default);
        Assert.False(Assert.IsType<ConnectResult.Failed>(result).InHandshake);
    }

    [Fact]
    public async Task Where_STARTTLS_is_refused_only_opportunistic_TLS_goes_on()
    {
        _server.Keywords.Add("STARTTLS");
        _server.Answers.AddRange([("STARTTLS", "454 4.7.0 Not now"), ("STARTTLS", "454 4.7.0 Not now")]);
        await using var client = await Samples.ConnectAsync(new FakeServerStream(_server), Opportunistic);
        Assert.False(client.IsSecured);

        var result = await SmtpClient.ConnectAsync(new FakeServerStream(_server), Required, TimeProvider.System, default);
        Assert.Equal(454, Assert.IsType<ConnectResult.Refused>(result).Reply.Code);
    }
}
