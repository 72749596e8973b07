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
    public async Task A_pinned_public_key_needs_no_authority()
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server);
        var options = Required with { Trust = ServerTrust.PublicKeys([server.Pin]) };

        await using var client = Assert.IsType<ConnectResult.Connected>(await server.ConnectAsync(options)).Client;

        Assert.True(client.IsSecured);
    }

    [Fact]
    public async Task A_public_key_that_is_not_pinned_is_refused_and_named()
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server);
        Assert.True(PublicKeyPin.TryParse(Convert.ToBase64String(new byte[32]), out var other));

        var failed = Assert.IsType<ConnectResult.Failed>(await server.ConnectAsync(Required with { Trust = ServerTrust.PublicKeys([other]) }));

        Assert.Equal($"TLS handshake: the certificate's public key is {server.Pin}, which is none of the pinned keys", failed.Reason);
    }

    [Theory]
    [InlineData("mx.gateway.test", null)]
    [InlineData("other.test", "TLS handshake: the certificate is for mx.gateway.test, not for other.test")]
    public async Task A_certificate_of_an_authority_must_carry_the_servers_name(string name, string? problem)
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server);
        var options = Required with { TlsHostName = name, Trust = ServerTrust.Authorities(() => [server.Certificate]) };

        var result = await server.ConnectAsync(options);

        Assert.Equal(problem, (result as ConnectResult.Failed)?.Reason);
        if (result is ConnectResult.Connected { Client: var client })
            await client.DisposeAsync();
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_refused()
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server);
        await using var other = new TcpFakeServer(new FakeServer());

        var failed = Assert.IsType<ConnectResult.Failed>(await server.ConnectAsync(Required with { Trust = ServerTrust.Authorities(() => [other.Certificate]) }));

        Assert.Equal("TLS handshake: the certificate is not signed by an authority of the CA file", failed.Reason);
    }

    [Fact]
    public async Task A_certificate_that_has_expired_is_refused_though_its_authority_is_known()
    {
        _server.Keywords.Add("STARTTLS");
        await using var server = new TcpFakeServer(_server, ageInDays: 10);

        var failed = Assert.IsType<ConnectResult.Failed>(await server.ConnectAsync(Required with { Trust = ServerTrust.Authorities(() => [server.Certificate]) }));

        Assert.StartsWith("TLS handshake: the certificate, or one that it depends on, has expired or is not valid yet (", failed.Reason, StringComparison.Ordinal);
    }

    // A server that does not speak TLS record by record as we read: what it says behind 354 lies decrypted in the same read.
    [Fact]
    public async Task A_reply_too_many_is_found_under_TLS_too()
    {
        _server.Keywords.Add("STARTTLS");
        _server.Answers.Add(("DATA", "354 Go\r\n250 2.0.0 Taken"));
        await using var server = new TcpFakeServer(_server);
        await using var client = Assert.IsType<ConnectResult.Connected>(await server.ConnectAsync(Opportunistic)).Client;

        Assert.False(Assert.IsType<SendResult.Failed>(await client.SendAsync("bob")).MayHaveBeenDelivered);
        Assert.Empty(_server.Messages);
    }

    // 2048 octets are what is read at once: the second reply stays in the TLS layer, where no look at the socket finds it.
    [Fact]
    public async Task A_reply_that_hides_behind_a_buffer_that_is_just_full_is_found_too()
    {
        _server.Keywords.Add("STARTTLS");
        const string replies = "250 2.0.0 OK\r\n250 2.0.0 OK\r\n";
        _server.Answers.Add(("DATA", $"354 {new string('x', 2048 - replies.Length - "354 \r\n".Length)}\r\n250 2.0.0 Taken"));
        await using var server = new TcpFakeServer(_server);
        await using var client = Assert.IsType<ConnectResult.Connected>(await server.ConnectAsync(Opportunistic)).Client;

        Assert.False(Assert.IsType<SendResult.Failed>(await client.SendAsync("bob")).MayHaveBeenDelivered);
        Assert.Empty(_server.Messages);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_password_goes_to_a_server_only_whose_certificate_was_verified(bool verified)
    {
        _server.Keywords.AddRange(["STARTTLS", "AUTH PLAIN"]);
        _server.Answers.Add(("AUTH", "235 2.7.0 Welcome"));
        await using var server = new TcpFakeServer(_server);
        var options = (verified ? Required with { Trust = ServerTrust.PublicKeys([server.Pin]) } : Opportunistic)
            with
        { Credentials = new("relay", "s3cret") };

        var result = await server.ConnectAsync(options);

        Assert.Equal(verified, result is ConnectResult.Connected);
        Assert.Equal(verified, _server.Commands.Any(static command => command.StartsWith("AUTH", StringComparison.Ordinal)));
        if (result is ConnectResult.Connected { Client: var client })
            await client.DisposeAsync();
    }

    [Fact]
    public async Task Implicit_TLS_comes_before_the_greeting()
    {
        await using var server = new TcpFakeServer(_server, isImplicit: true);
        var options = Required with
        {
            Tls = TlsUse.Implicit,
            Trust = ServerTrust.PublicKeys([server.Pin]),
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
