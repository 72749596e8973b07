using System.Text;

namespace Gateway.Smtp;

/// <summary>From the first octet to "ready for MAIL": greeting, EHLO, TLS, AUTH.</summary>
internal sealed class Handshake(SmtpConnection connection, SmtpClientOptions options, string targetHost) : IDisposable
{
    private readonly ClientTls _tls = new(targetHost, Verify: options.Tls is TlsUse.Required or TlsUse.Implicit) { Trust = options.Trust };
    private readonly OutputBuffer _output = new();
    private Reply? _refusal;
    private bool _isHandshaking;

    public async Task<ConnectResult> RunAsync()
    {
        try
        {
            if (options.Tls == TlsUse.Implicit)
                await SecureAsync(isUpgrade: false);
            if (await connection.ReadReplyAsync("greeting", options.GreetingTimeout) is not 220)
                return Unexpected("the greeting");
            var greeting = connection.Reply;

            var extensions = await GreetAsync();
            if (extensions is not null && options.Tls is TlsUse.Opportunistic or TlsUse.Required)
                extensions = await UpgradeAsync(extensions);
            if (extensions is null)
                return new ConnectResult.Refused(_refusal!);

            if (options.Credentials is { } credentials && await AuthenticateAsync(credentials, extensions) is { } failure)
                return failure;
            // An extra reply would be taken for the reply to MAIL.
            if (connection.HasUnread)
                return await connection.ReadReplyAsync("EHLO", options.CommandTimeout) == 421
                    ? new ConnectResult.Refused(connection.Reply)
                    : new ConnectResult.Failed("the server said more than it was asked");
            connection.Rest();
            return new ConnectResult.Connected(new SmtpClient(connection, options, extensions, greeting));
        }
        catch (SmtpConnectionException e)
        {
            // Some servers close the connection right after a refusal. The refusal counts.
            return _refusal is null ? new ConnectResult.Failed(e.Message, InHandshake: _isHandshaking && e.Failure != SmtpConnectionFailure.OutOfStep)
                : new ConnectResult.Refused(_refusal);
        }
    }

    public void Dispose() => _output.Dispose();

    /// <summary>EHLO, or HELO for a server that does not know it (RFC 5321 §3.2); null when both are refused.</summary>
    private async ValueTask<ServerExtensions?> GreetAsync()
    {
        var code = await AskAsync("EHLO ", options.HeloName);
        if (code == 250)
            return ServerExtensions.Parse(connection.Reply);
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
            return isRequired ? throw new SmtpConnectionException(SmtpConnectionFailure.NoTls, "the server does not offer STARTTLS") : extensions;

        if (await AskAsync("STARTTLS") != 220)
        {
            var refusal = RefusalOrThrow("STARTTLS");
            if (!isRequired && refusal.Code != 421)
                return extensions;
            _refusal = refusal;
            return null;
        }

        await SecureAsync(isUpgrade: true);

        // RFC 3207 §4.2: what the server said before the handshake is not used any more.
        return await GreetAsync();
    }

    private async ValueTask SecureAsync(bool isUpgrade)
    {
        _isHandshaking = true;
        if (isUpgrade)
            await connection.UpgradeAsync(_tls, options.CommandTimeout);
        else
            await connection.SecureAsync(_tls, options.CommandTimeout);
        _isHandshaking = false;
    }

    /// <summary>AUTH PLAIN or LOGIN (RFC 4954); null when it succeeded.</summary>
    private async ValueTask<ConnectResult?> AuthenticateAsync(SmtpCredentials credentials, ServerExtensions extensions)
    {
        if (!(connection.IsSecured && _tls.Verify) && !options.AuthenticateInClear)
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
            await connection.WriteCommandsAsync(_output.Written, phase, options.CommandTimeout);
        }
        finally
        {
            _output.ClearSecrets();
        }
        return await connection.ReadReplyAsync(phase, options.CommandTimeout);
    }

    private Reply RefusalOrThrow(string what) =>
        connection.Reply is { Code: >= 400 } refusal ? refusal : throw SmtpConnectionException.OutOfStep($"{what} was answered {connection.Reply.Code}");

    private ConnectResult Unexpected(string what) => connection.Reply is { Code: >= 400 } refusal
        ? new ConnectResult.Refused(refusal)
        : new ConnectResult.Failed($"{what}: {connection.Reply.Code} was not expected");
}
