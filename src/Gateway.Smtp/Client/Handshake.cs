using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.Smtp;

/// <summary>From the first octet to "ready for MAIL": greeting, EHLO, TLS, AUTH.</summary>
internal sealed class Handshake(Wire wire, SmtpClientOptions options, string targetHost) : IDisposable
{
    private readonly OutputBuffer _output = new();
    private Reply? _refusal;
    private bool _isHandshaking;
    private string? _distrust;

    public async Task<ConnectResult> RunAsync()
    {
        try
        {
            if (options.Tls == TlsUse.Implicit)
                await SecureAsync();
            if (await wire.ReadReplyAsync("greeting", options.GreetingTimeout) is not 220)
                return Unexpected("the greeting");
            var greeting = wire.Reply;

            var extensions = await GreetAsync();
            if (extensions is not null && options.Tls is TlsUse.Opportunistic or TlsUse.Required)
                extensions = await UpgradeAsync(extensions);
            if (extensions is null)
                return new ConnectResult.Refused(_refusal!);

            if (options.Credentials is { } credentials && await AuthenticateAsync(credentials, extensions) is { } failure)
                return failure;
            // It would be taken for the answer to MAIL.
            if (wire.HasUnread)
                return await wire.ReadReplyAsync("EHLO", options.CommandTimeout) == 421
                    ? new ConnectResult.Refused(wire.Reply)
                    : new ConnectResult.Failed("the server said more than it was asked");
            wire.Rest();
            return new ConnectResult.Connected(new SmtpClient(wire, options, extensions, greeting));
        }
        catch (WireException e)
        {
            // Some servers refuse and hang up in one breath: what they said counts.
            return _refusal is null ? new ConnectResult.Failed(e.Message, _isHandshaking) : new ConnectResult.Refused(_refusal);
        }
    }

    public void Dispose() => _output.Dispose();

    /// <summary>EHLO, or HELO for a server that does not know it (RFC 5321 §3.2); null when both are refused.</summary>
    private async ValueTask<ServerExtensions?> GreetAsync()
    {
        var code = await AskAsync("EHLO ", options.HeloName);
        if (code == 250)
            return ServerExtensions.Parse(wire.Reply);
        _refusal = RefusalOrThrow("EHLO");
        if (_refusal.IsTransient)
            return null;

        if (await AskAsync("HELO ", options.HeloName) == 250)
        {
            _refusal = null;
            return ServerExtensions.None;
        }
        _refusal = RefusalOrThrow("HELO");
        return null;
    }

    private async ValueTask<ServerExtensions?> UpgradeAsync(ServerExtensions extensions)
    {
        var isRequired = options.Tls == TlsUse.Required;
        if (!extensions.StartTls)
            return isRequired ? throw new WireException("the server does not offer STARTTLS") : extensions;

        if (await AskAsync("STARTTLS") != 220)
        {
            var refusal = RefusalOrThrow("STARTTLS");
            if (!isRequired && refusal.Code != 421)
                return extensions;
            _refusal = refusal;
            return null;
        }

        // What follows the 220 in the clear was put there by somebody else, to be read as if TLS had protected it.
        if (!wire.IsSilent())
            throw new WireException("STARTTLS: plaintext behind the answer");
        await SecureAsync();

        // RFC 3207 §4.2: what was learned before the handshake is forgotten.
        return await GreetAsync();
    }

    private async ValueTask SecureAsync()
    {
        _isHandshaking = true;
        try
        {
            await wire.SecureAsync(TlsOptions(), options.CommandTimeout);
        }
        catch (WireException) when (_distrust is not null)
        {
            throw new WireException($"TLS handshake: {_distrust}");
        }
        _isHandshaking = false;
    }

    private SslClientAuthenticationOptions TlsOptions() => new()
    {
        TargetHost = targetHost,
        // RFC 8996: also where the system would still allow less.
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        CertificateChainPolicy = options.Trust.ChainPolicy(),

#pragma warning disable CA5359 // RFC 7435: opportunistic is without verification, for the alternative is no TLS at all.
        RemoteCertificateValidationCallback = IsVerified ? Verify : static (_, _, _, _) => true,
#pragma warning restore CA5359
    };

    /// <summary>The connection is not used unless its certificate is the right one.</summary>
    private bool IsVerified => options.Tls is TlsUse.Required or TlsUse.Implicit;

    private bool Verify(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _distrust = options.Trust.Distrust(certificate as X509Certificate2, chain, errors, targetHost);
        return _distrust is null;
    }

    /// <summary>AUTH PLAIN or LOGIN (RFC 4954); null when it succeeded.</summary>
    private async ValueTask<ConnectResult?> AuthenticateAsync(SmtpCredentials credentials, ServerExtensions extensions)
    {
        if (!(wire.IsSecured && IsVerified) && !options.AuthenticateInClear)
            return new ConnectResult.Failed("credentials are only sent over TLS whose certificate is verified");

        int code;
        if (extensions.OffersAuth("PLAIN"))
        {
            // RFC 4616: authorization identity (none), NUL, name, NUL, password; in the command itself, to save a round trip.
            code = await AskSecretAsync("AUTH PLAIN ", $"\0{credentials.UserName}\0{credentials.Password}");
        }
        else if (extensions.OffersAuth("LOGIN"))
        {
            code = await AskAsync("AUTH LOGIN");
            if (code == 334)
                code = await AskSecretAsync("", credentials.UserName);
            if (code == 334)
                code = await AskSecretAsync("", credentials.Password);
        }
        else
        {
            return new ConnectResult.Failed("the server offers neither AUTH PLAIN nor AUTH LOGIN");
        }
        return code == 235 ? null : Unexpected("AUTH");
    }

    private ValueTask<int> AskSecretAsync(string command, string secret) =>
        AskAsync(command, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)));

    private async ValueTask<int> AskAsync(string command, string argument = "")
    {
        var phase = command.Length == 0 ? "AUTH" : command.TrimEnd();
        try
        {
            _output.Append(command);
            _output.Append(argument);
            _output.Append("\r\n"u8);
            await wire.WriteAsync(_output.Written, phase, options.CommandTimeout);
        }
        finally
        {
            _output.ClearSecrets();
        }
        return await wire.ReadReplyAsync(phase, options.CommandTimeout);
    }

    private Reply RefusalOrThrow(string what) =>
        wire.Reply is { Code: >= 400 } refusal ? refusal : throw new WireException($"{what} was answered {wire.Reply.Code}");

    private ConnectResult Unexpected(string what) => wire.Reply is { Code: >= 400 } refusal
        ? new ConnectResult.Refused(refusal)
        : new ConnectResult.Failed($"{what}: {wire.Reply.Code} was not expected");
}
