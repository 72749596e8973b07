using System.Net;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Lab.Talking;

/// <summary>
/// Claims an address with XCLIENT (Postfix's XCLIENT_README): greeting and EHLO as this machine, then the command. The positive answer to the
/// command is the greeting for the claimed client. Where the server offers XCLIENT only over TLS, STARTTLS comes first, and TLS stays up.
/// </summary>
internal sealed class XclientClaim(ClientConnectRequest request, Action<string> stage)
{
    private const string Allow = "the server must allow this machine to send XCLIENT (in Gateway with Relay.TrustedProxies, in Postfix with smtpd_authorized_xclient_hosts);"
        + " if the listener requires a PROXY header, type --via proxy";

    public async Task<ClientConnectResult> MakeAsync(SmtpConnection connection, SmtpDialogue dialogue)
    {
        var greeting = await dialogue.ReadReplyAsync();
        stage($"the server greets this machine: {Escaped(new Reply(greeting.Code, greeting.Status, greeting.Lines[0]))}");
        if (greeting.Code == 421)
            return new ClientConnectResult.Failed($"the server refused this machine in the greeting: {Escaped(greeting)}", greeting);
        while (true)
        {
            var ehlo = await dialogue.AskAsync($"EHLO {request.HeloName}");
            var offered = Offered(ehlo);
            var mayBeSecured = !connection.IsSecured && ehlo.IsPositive && ServerExtensions.Parse(ehlo).StartTls;
            if (offered is not null || !mayBeSecured)
            {
                // A server that refuses this machine in the greeting refuses EHLO as well, but may allow XCLIENT all the same.
                if (WhyNot(ehlo, offered, isGreeted: greeting.IsPositive) is { } problem)
                    return problem;
                var answer = await SayAsync(dialogue, Attributes(offered));
                // RFC 3207 section 4: 530 "must issue a STARTTLS command first", from a Postfix that encrypts always, although it offered.
                if (answer.Code != 530 || !mayBeSecured)
                    return Judged(answer, isOffered: offered is not null, connection);
            }
            try
            {
                if (await SecureAsync(dialogue) is { } refused)
                    return WithoutTls($"the server refused STARTTLS: {Escaped(refused)}");
            }
            catch (SmtpConnectionException failed) when (failed.Failure != SmtpConnectionFailure.Cancelled)
            {
                return WithoutTls(failed.Problem);
            }
        }
    }

    private ClientConnectResult.Failed? WhyNot(Reply ehlo, string[]? offered, bool isGreeted)
    {
        if (offered is null)
        {
            return !isGreeted ? null
                : ehlo.IsPositive ? new($"the server does not offer XCLIENT to this machine: {Allow}")
                : new($"the server refused this machine's EHLO: {Escaped(ehlo)}", ehlo);
        }
        stage($"EHLO {request.HeloName}: XCLIENT {Escapes.Show(System.Text.Encoding.Latin1.GetBytes(string.Join(' ', offered)))} is offered");
        return offered.Contains("ADDR", StringComparer.OrdinalIgnoreCase) ? null : new("the server offers XCLIENT, but not its attribute ADDR");
    }

    private static ClientConnectResult.Failed WithoutTls(string reason) => new($"the server accepts no XCLIENT without TLS, and {reason}; {Allow}");

    private async ValueTask<Reply> SayAsync(SmtpDialogue dialogue, XclientAttributes attributes)
    {
        stage($"XCLIENT {attributes}");
        return await dialogue.AskAsync($"XCLIENT {attributes}");
    }

    // 554 and 421 are greetings too; what refuses the command itself is 501, 503, 550 (XCLIENT_README), or 500 and 502. AOL greeted with
    // 550: where the command was offered, one without an enhanced status, which no greeting has (RFC 2034 section 4), is a greeting.
    private static ClientConnectResult Judged(Reply answer, bool isOffered, SmtpConnection connection)
    {
        if (answer.Code is not (220 or 421) && !(isOffered && (answer.Code == 554 || answer is { Code: 550, Status: null })))
            return new ClientConnectResult.Failed($"the server refused XCLIENT: {Escaped(answer)}; {Allow}", answer);
        connection.ReadReplyAgain();
        return new ClientConnectResult.Reached(connection, ConnectMethod.Xclient);
    }

    /// <returns>The server's refusal; null when TLS is up.</returns>
    private async ValueTask<Reply?> SecureAsync(SmtpDialogue dialogue)
    {
        stage("STARTTLS, because the server accepts no XCLIENT without TLS");
        var reply = await dialogue.AskAsync("STARTTLS");
        if (reply.Code != 220)
            return reply;
        stage($"TLS has started: {await dialogue.UpgradeAsync(request.StartTls ?? new ClientTls(HostOf(request.Server), Verify: false))}");
        return null;
    }

    private static string HostOf(EndPoint server) => server switch
    {
        DnsEndPoint named => named.Host,
        IPEndPoint numbered => numbered.Address.ToString(),
        _ => server.ToString()!,
    };

    private static string[]? Offered(Reply ehlo) => !ehlo.IsPositive ? null
        : ehlo.Lines.Skip(1).Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(static words => words is [var keyword, ..] && keyword.Equals("XCLIENT", StringComparison.OrdinalIgnoreCase))?[1..];

    private XclientAttributes Attributes(string[]? offered)
    {
        var attributes = new XclientAttributes { Address = new XclientValue<IPAddress>(request.Client!) };
        if (request.ClientName is not { } name)
            return attributes;
        if (offered?.Contains("NAME", StringComparer.OrdinalIgnoreCase) == false)
        {
            stage("the server does not offer the attribute NAME of XCLIENT, so no name was sent");
            return attributes;
        }
        return attributes with
        {
            Name = name switch
            {
                "[UNAVAILABLE]" => new(XclientStanding.Unavailable, null),
                "[TEMPUNAVAIL]" => new(XclientStanding.TemporarilyUnavailable, null),
                _ => new XclientValue<string>(name),
            },
        };
    }

    private static string Escaped(Reply reply) => Escapes.Show(System.Text.Encoding.Latin1.GetBytes(reply.ToString()));
}
