using System.Text;
using Gateway.Smtp;

namespace Gateway.Server.Talking;

/// <summary>The client's part, from the greeting to QUIT, on a connection that is there.</summary>
internal sealed class SendDialogue(SendRequest request, TalkWire wire, ApproachWay way, string? tls, Action<Speaker, string> say, TimeProvider time)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly List<RecipientReport> _recipients = [];
    private ServerExtensions _extensions = ServerExtensions.None;
    private string _stage = "GREETING";
    private bool _isInMessage;
    private bool _isMessageSent;

    public async Task<SendReport> RunAsync(CancellationToken cancellationToken) =>
        await SpeakAsync(cancellationToken) with { Recipients = _recipients, Tls = tls };

    private async Task<SendReport> SpeakAsync(CancellationToken cancellationToken)
    {
        SendReport report;
        try
        {
            report = await GreetAsync(cancellationToken) ?? await SecureAsync(cancellationToken)
                ?? await AuthenticateAsync(cancellationToken) ?? await TransactAsync(cancellationToken);
        }
        catch (TalkException lost)
        {
            say(Speaker.Stage, lost.Message);
            return Unknown(_stage == "GREETING" ? Approach.Hinted(lost.Message, way) : lost.Message);
        }
        catch (OperationCanceledException)
        {
            report = Unknown("interrupted");
        }
        await QuitAsync();
        return report;
    }

    private async ValueTask<SendReport?> GreetAsync(CancellationToken cancellationToken)
    {
        var greeting = await wire.HearAsync(cancellationToken);
        return greeting.Code == 220 ? await EhloAsync(cancellationToken) : Answered(greeting);
    }

    /// <summary>EHLO, or HELO for a server that does not know it (RFC 5321 §3.2).</summary>
    private async ValueTask<SendReport?> EhloAsync(CancellationToken cancellationToken)
    {
        _stage = "EHLO";
        var reply = await wire.AskAsync($"EHLO {request.Helo}", cancellationToken);
        if (reply.Code == 250)
        {
            _extensions = ServerExtensions.Parse(reply);
            return null;
        }
        // A server that expects no header answers it as it would answer a command: this reply may be to that.
        if (way is ApproachWay.Proxy or ApproachWay.ProxyV1 && reply.IsPermanent)
            return Unknown(Approach.Hinted("the server answers what follows the PROXY header with an error", way)) with { Reply = reply };
        if (reply.Code is not (500 or 502))
            return Answered(reply);
        _extensions = ServerExtensions.None;
        reply = await wire.AskAsync($"HELO {request.Helo}", cancellationToken);
        return reply.Code == 250 ? null : Answered(reply);
    }

    private async ValueTask<SendReport?> SecureAsync(CancellationToken cancellationToken)
    {
        // It may be up: some take XCLIENT only over TLS, which then stays.
        if (request.StartTls is not { } wanted || tls is not null)
            return null;
        _stage = "STARTTLS";
        if (!_extensions.StartTls)
            return Unknown("the server does not offer STARTTLS");
        var reply = await wire.AskAsync("STARTTLS", cancellationToken);
        if (reply.Code != 220)
            return Answered(reply);
        tls = await wire.SecureAsync(wanted, cancellationToken);
        say(Speaker.Stage, $"TLS is up: {tls}");
        // RFC 3207 §4.2: what was learned before the handshake is forgotten.
        return await EhloAsync(cancellationToken);
    }

    /// <summary>AUTH PLAIN or LOGIN (RFC 4954).</summary>
    private async ValueTask<SendReport?> AuthenticateAsync(CancellationToken cancellationToken)
    {
        if (request.Credentials is not { } credentials)
            return null;
        _stage = "AUTH";
        if (tls is null && !request.AuthenticateInClear)
            return Unknown("a password is sent over TLS only: add --tls, or --auth-in-clear");
        Reply reply;
        if (_extensions.OffersAuth("PLAIN"))
        {
            // RFC 4616: authorization identity (none), NUL, name, NUL, password.
            reply = await wire.AskAsync($"AUTH PLAIN {Base64($"\0{credentials.UserName}\0{credentials.Password}")}", cancellationToken, "AUTH PLAIN ****");
        }
        else if (_extensions.OffersAuth("LOGIN"))
        {
            reply = await wire.AskAsync("AUTH LOGIN", cancellationToken);
            if (reply.Code == 334)
                reply = await wire.AskAsync(Base64(credentials.UserName), cancellationToken);
            if (reply.Code == 334)
                reply = await wire.AskAsync(Base64(credentials.Password), cancellationToken, "****");
        }
        else
        {
            return Unknown("the server offers neither AUTH PLAIN nor AUTH LOGIN here");
        }
        return reply.Code == 235 ? null : Answered(reply);
    }

    private async ValueTask<SendReport> TransactAsync(CancellationToken cancellationToken)
    {
        _stage = "MAIL";
        var needs = new MessageNeeds(request);
        if (needs.Utf8Mailbox is { } mailbox && !_extensions.SmtpUtf8)
            return Unknown($"the server does not offer SMTPUTF8, without which {mailbox} cannot be said");
        if (needs.EightBit && !_extensions.EightBitMime)
            say(Speaker.Stage, "the message has 8-bit octets; the server does not offer 8BITMIME, and gets them all the same");
        var reply = await wire.AskAsync($"MAIL FROM:{request.From}{needs.Parameters(_extensions)}", cancellationToken);
        if (!reply.IsPositive)
            return Answered(reply);

        _stage = "RCPT";
        foreach (var recipient in request.Recipients)
        {
            reply = await wire.AskAsync($"RCPT TO:{recipient}", cancellationToken);
            _recipients.Add(new(recipient, reply));
            if (reply.Code == 421)
                break;
        }
        var worst = _recipients.MaxBy(static report => report.Verdict)!;
        if (reply.Code == 421 || _recipients.All(static report => report.Verdict != SendVerdict.Accepted))
            return Answered(worst.Reply);

        var sent = await SendMessageAsync(cancellationToken);
        if (sent.Verdict >= worst.Verdict || sent.Verdict == SendVerdict.Unknown)
            return sent;
        return new(worst.Verdict, "RCPT", worst.Reply) { Message = sent.Message };
    }

    private async ValueTask<SendReport> SendMessageAsync(CancellationToken cancellationToken)
    {
        _stage = "DATA";
        var reply = await wire.AskAsync("DATA", cancellationToken);
        if (reply.Code != 354)
            return Answered(reply);
        _stage = "MESSAGE";
        _isInMessage = true;
        foreach (var line in MessageText.Beginning(request.Message.Span))
            say(Speaker.Client, line);
        foreach (var block in MessageText.Stuffed(request.Message))
            await wire.WriteAsync(block, cancellationToken);
        say(Speaker.Client, ".");
        _isMessageSent = true;
        await wire.WriteAsync(".\r\n"u8.ToArray(), cancellationToken);
        reply = await wire.HearAsync(cancellationToken);
        _isInMessage = _isMessageSent = false;
        return Answered(reply) with { Message = reply };
    }

    // Polite also when somebody is in a hurry: but in a message, QUIT would be a line of it.
    private async ValueTask QuitAsync()
    {
        if (_isInMessage)
        {
            say(Speaker.Stage, "the connection is closed");
            return;
        }
        using var hurry = new CancellationTokenSource(Farewell, time);
        try
        {
            await wire.AskAsync("QUIT", hurry.Token);
        }
        catch (TalkException gone)
        {
            say(Speaker.Stage, gone.Message);
        }
        catch (Exception broken) when (broken is OperationCanceledException or InvalidOperationException)
        {
            say(Speaker.Stage, "the server does not answer QUIT");
        }
    }

    // A positive reply other than the one that is awaited is none that SMTP knows here.
    private SendReport Answered(Reply reply) => reply.IsPositive && _stage is not "MESSAGE"
        ? Unknown($"the server answers {_stage} with {reply.Code}") with { Reply = reply }
        : new(SendReport.VerdictOf(reply), _stage, reply);

    private SendReport Unknown(string problem) => new(SendVerdict.Unknown, _stage, null)
    {
        Problem = _isMessageSent ? $"{problem}; the server may have taken the message" : problem,
    };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
