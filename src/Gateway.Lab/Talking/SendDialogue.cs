using System.Text;
using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>The client's side of a session on an open connection, from the greeting to QUIT.</summary>
internal sealed class SendDialogue(SendRequest request, SmtpDialogue dialogue, ClientConnectResult.Reached reached, Action<Speaker, string> say)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly List<RecipientReport> _recipients = [];
    private ServerExtensions _extensions = ServerExtensions.None;
    private string _stage = "GREETING";
    private bool _isInMessage;
    private bool _isMessageSent;

    public async Task<SendReport> RunAsync() =>
        await SpeakAsync() with { Recipients = _recipients, Tls = reached.Connection.Tls?.ToString() };

    private async Task<SendReport> SpeakAsync()
    {
        SendReport report;
        try
        {
            report = await GreetAsync() ?? await SecureAsync()
                ?? await AuthenticateAsync() ?? await TransactAsync();
        }
        catch (SmtpConnectionException interrupted) when (interrupted.Failure == SmtpConnectionFailure.Cancelled)
        {
            report = Unknown("interrupted");
        }
        catch (SmtpConnectionException lost)
        {
            say(Speaker.Stage, lost.Problem);
            return Unknown(_stage == "GREETING" ? ClientConnector.Hinted(lost.Problem, reached.Method) : lost.Problem);
        }
        await QuitAsync();
        return report;
    }

    private async ValueTask<SendReport?> GreetAsync()
    {
        var greeting = await dialogue.ReadReplyAsync();
        return greeting.Code == 220 ? await EhloAsync() : Answered(greeting);
    }

    /// <summary>EHLO, or HELO for a server that does not know it (RFC 5321 §3.2).</summary>
    private async ValueTask<SendReport?> EhloAsync()
    {
        _stage = "EHLO";
        var reply = await dialogue.AskAsync($"EHLO {request.Helo}");
        if (reply.Code == 250)
        {
            _extensions = ServerExtensions.Parse(reply);
            return null;
        }
        // A server that expects no PROXY header answers the header as if it were a command. This reply may be that answer.
        if (reached.Method is ConnectMethod.Proxy or ConnectMethod.ProxyV1 && reply.IsPermanent)
            return Unknown(ClientConnector.Hinted("the server answered the first command after the PROXY header with an error", reached.Method)) with { Reply = reply };
        if (reply.Code is not (500 or 502))
            return Answered(reply);
        _extensions = ServerExtensions.None;
        reply = await dialogue.AskAsync($"HELO {request.Helo}");
        return reply.Code == 250 ? null : Answered(reply);
    }

    private async ValueTask<SendReport?> SecureAsync()
    {
        // TLS may be up already: some servers take XCLIENT only over TLS, and then it stays.
        if (request.StartTls is not { } tls || reached.Connection.IsSecured)
            return null;
        _stage = "STARTTLS";
        if (!_extensions.StartTls)
            return Unknown("the server does not offer STARTTLS");
        var reply = await dialogue.AskAsync("STARTTLS");
        if (reply.Code != 220)
            return Answered(reply);
        say(Speaker.Stage, $"TLS has started: {await dialogue.UpgradeAsync(tls)}");
        // RFC 3207 §4.2: what was learned before the handshake is forgotten.
        return await EhloAsync();
    }

    /// <summary>AUTH PLAIN or LOGIN (RFC 4954).</summary>
    private async ValueTask<SendReport?> AuthenticateAsync()
    {
        if (request.Credentials is not { } credentials)
            return null;
        _stage = "AUTH";
        if (!reached.Connection.IsSecured && !request.AuthenticateInClear)
            return Unknown("the password was not sent, because the connection has no TLS: add --tls, or --auth-in-clear");
        Reply reply;
        if (_extensions.OffersAuth("PLAIN"))
        {
            // RFC 4616: authorization identity (none), NUL, name, NUL, password.
            reply = await dialogue.AskAsync($"AUTH PLAIN {Base64($"\0{credentials.UserName}\0{credentials.Password}")}", "AUTH PLAIN ****");
        }
        else if (_extensions.OffersAuth("LOGIN"))
        {
            reply = await dialogue.AskAsync("AUTH LOGIN");
            if (reply.Code == 334)
                reply = await dialogue.AskAsync(Base64(credentials.UserName));
            if (reply.Code == 334)
                reply = await dialogue.AskAsync(Base64(credentials.Password), "****");
        }
        else
        {
            return Unknown("the server offers neither AUTH PLAIN nor AUTH LOGIN on this connection");
        }
        return reply.Code == 235 ? null : Answered(reply);
    }

    private async ValueTask<SendReport> TransactAsync()
    {
        _stage = "MAIL";
        var needs = new MessageNeeds(request);
        if (needs.Utf8Mailbox is { } mailbox && !_extensions.SmtpUtf8)
            return Unknown($"the server does not offer SMTPUTF8, which the address {mailbox} needs");
        if (needs.EightBit && !_extensions.EightBitMime)
            say(Speaker.Stage, "the message has 8-bit octets, and they are sent although the server does not offer 8BITMIME");
        var reply = await dialogue.AskAsync($"MAIL FROM:{request.From}{needs.Parameters(_extensions)}");
        if (!reply.IsPositive)
            return Answered(reply);

        _stage = "RCPT";
        foreach (var recipient in request.Recipients)
        {
            reply = await dialogue.AskAsync($"RCPT TO:{recipient}");
            _recipients.Add(new(recipient, reply));
            if (reply.Code == 421)
                break;
        }
        var worst = _recipients.MaxBy(static report => report.Verdict)!;
        if (reply.Code == 421 || _recipients.All(static report => report.Verdict != SendVerdict.Accepted))
            return Answered(worst.Reply);

        var sent = await SendMessageAsync();
        if (sent.Verdict >= worst.Verdict || sent.Verdict == SendVerdict.Unknown)
            return sent;
        return new(worst.Verdict, "RCPT", worst.Reply) { Message = sent.Message };
    }

    private async ValueTask<SendReport> SendMessageAsync()
    {
        _stage = "DATA";
        var reply = await dialogue.AskAsync("DATA");
        if (reply.Code != 354)
            return Answered(reply);
        _stage = "MESSAGE";
        _isInMessage = true;
        foreach (var line in MessageText.Beginning(request.Message.Span))
            say(Speaker.Client, line);
        foreach (var block in MessageText.Stuffed(request.Message))
            await dialogue.WriteAsync(block);
        say(Speaker.Client, ".");
        _isMessageSent = true;
        await dialogue.WriteAsync(".\r\n"u8.ToArray());
        reply = await dialogue.ReadReplyAsync();
        _isInMessage = _isMessageSent = false;
        return Answered(reply) with { Message = reply };
    }

    // QUIT is sent after an interruption, too; but inside a message it would be a line of the message.
    private async ValueTask QuitAsync()
    {
        if (_isInMessage)
        {
            say(Speaker.Stage, "the connection is closed");
            return;
        }
        try
        {
            await dialogue.QuitAsync(Farewell);
        }
        catch (SmtpConnectionException gone)
        {
            say(Speaker.Stage, gone.Failure == SmtpConnectionFailure.Lost ? gone.Problem : "the server did not answer QUIT");
        }
    }

    // SMTP does not know any other positive reply at this stage than the expected one.
    private SendReport Answered(Reply reply) => reply.IsPositive && _stage is not "MESSAGE"
        ? Unknown($"the server answered {_stage} with {reply.Code}") with { Reply = reply }
        : new(SendReport.VerdictOf(reply), _stage, reply);

    private SendReport Unknown(string problem) => new(SendVerdict.Unknown, _stage, null)
    {
        Problem = _isMessageSent ? $"{problem}; the server may have accepted the message" : problem,
    };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
