using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Smtp.Tests.Client;

/// <summary>A <see cref="FakeServer"/> behind a loopback port, for one connection, with TLS when it is asked for.</summary>
internal sealed class TcpFakeServer : IAsyncDisposable
{
    private readonly FakeServer _server;
    private readonly bool _isImplicit;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private Stream? _stream;

    public TcpFakeServer(FakeServer server, bool isImplicit = false, int ageInDays = 0)
    {
        _certificate = SelfSigned("mx.gateway.test", ageInDays);
        _server = server;
        _isImplicit = isImplicit;
        _listener.Start();
        _running = RunAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public X509Certificate2 Certificate => _certificate;

    public PublicKeyPin Pin => PublicKeyPin.Of(_certificate);

    /// <summary>Said in the same write as the 220 of STARTTLS, as an attacker on the path would.</summary>
    public string Injected { get; init; } = "";

    /// <summary>Whether the handshake fails: plaintext where a ServerHello should be.</summary>
    public bool BreaksHandshake { get; init; }

    public Task<ConnectResult> ConnectAsync(SmtpClientOptions options) =>
        SmtpClient.ConnectAsync(EndPoint, options, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Says something that nobody asked for.</summary>
    public ValueTask SayAsync(string text) => _stream!.WriteAsync(Encoding.Latin1.GetBytes(text), _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            Stream stream = client.GetStream();
            if (_isImplicit)
                stream = await SecureAsync(stream);
            _stream = stream;
            await stream.WriteAsync(Encoding.Latin1.GetBytes(_server.Greeting + "\r\n"), _stop.Token);
            await ServeAsync(stream);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client went away, which it may.
        }
    }

    private async Task ServeAsync(Stream stream)
    {
        var buffer = new byte[65536];
        while (!_server.HasClosed && await stream.ReadAsync(buffer, _stop.Token) is > 0 and var read)
        {
            var answer = _server.Receive(buffer.AsSpan(0, read));
            if (_server.StartsTls)
                answer = [.. answer, .. Encoding.Latin1.GetBytes(Injected)];
            await stream.WriteAsync(answer, _stop.Token);
            if (!_server.StartsTls)
                continue;
            _server.ForgetTls();
            if (BreaksHandshake)
                await stream.WriteAsync("454 no TLS today\r\n"u8.ToArray(), _stop.Token);
            else
                stream = await SecureAsync(stream);
        }
    }

    private async Task<Stream> SecureAsync(Stream stream)
    {
        var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return secured;
    }

    private static X509Certificate2 SelfSigned(string name, int ageInDays)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow().AddDays(-ageInDays);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));

        // Windows wants the key in a container of its own before it serves TLS with it.
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
