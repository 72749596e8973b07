using System.Net;
using Gateway.Smtp;

namespace Gateway.Server.Talking;

/// <summary>
/// Claims an address with XCLIENT (Postfix's XCLIENT_README): greeting and EHLO as this machine, then the command, whose positive
/// answer is the greeting for the other client. Where only TLS opens the way to it, by STARTTLS, which then is up for that client too.
/// </summary>
internal sealed class XclientClaim(ApproachRequest request, Action<string> stage, TimeProvider time)
{
    private const string Allow = "the server must allow this machine to be others (Relay.TrustedProxies here, smtpd_authorized_xclient_hosts in Postfix);"
        + " where a listener demands a PROXY header, say --via proxy";

    public async Task<ApproachResult> MakeAsync(Stream stream, string? tls, CancellationToken cancellationToken)
    {
        // What is said before is no part of the client's dialogue.
        var wire = new TalkWire(stream, static (_, _) => { }, request.Patience, time);
        var result = await ClaimAsync(wire, tls, cancellationToken);
        if (result is ApproachResult.Failed)
            await wire.DisposeAsync();
        return result;
    }

    private async Task<ApproachResult> ClaimAsync(TalkWire wire, string? tls, CancellationToken cancellationToken)
    {
        var greeting = await wire.HearAsync(cancellationToken);
        stage($"this machine is greeted: {Escaped(new Reply(greeting.Code, greeting.Status, greeting.Lines[0]))}");
        if (greeting.Code == 421)
            return new ApproachResult.Failed($"the server does not talk to this machine now: {Escaped(greeting)}", greeting);
        while (true)
        {
            var ehlo = await wire.AskAsync($"EHLO {request.HeloName}", cancellationToken);
            var offered = Offered(ehlo);
            var mayBeSecured = tls is null && ehlo.IsPositive && ServerExtensions.Parse(ehlo).StartTls;
            if (offered is not null || !mayBeSecured)
            {
                // Who is refused in the greeting hears no EHLO answer either, but may be allowed all the same.
                if (WhyNot(ehlo, offered, isGreeted: greeting.IsPositive) is { } problem)
                    return problem;
                var answer = await SayAsync(wire, Attributes(offered), cancellationToken);
                // RFC 3207 section 4: 530 "must issue a STARTTLS command first", from a Postfix that encrypts always, although it offered.
                if (answer.Code != 530 || !mayBeSecured)
                    return Judged(answer, isOffered: offered is not null, wire, tls);
            }
            try
            {
                tls = await SecureAsync(wire, cancellationToken);
            }
            catch (TalkException failed)
            {
                return new ApproachResult.Failed($"the server takes no XCLIENT in the clear, and {failed.Message}; {Allow}");
            }
        }
    }

    private ApproachResult.Failed? WhyNot(Reply ehlo, string[]? offered, bool isGreeted)
    {
        if (offered is null)
        {
            return !isGreeted ? null
                : ehlo.IsPositive ? new($"the server does not offer XCLIENT to this machine: {Allow}")
                : new($"the server refuses this machine's EHLO: {Escaped(ehlo)}", ehlo);
        }
        stage($"EHLO {request.HeloName}: XCLIENT {Escapes.Show(System.Text.Encoding.Latin1.GetBytes(string.Join(' ', offered)))} is offered");
        return offered.Contains("ADDR", StringComparer.OrdinalIgnoreCase) ? null : new("the server offers XCLIENT, but takes no ADDR with it");
    }

    private async ValueTask<Reply> SayAsync(TalkWire wire, XclientAttributes attributes, CancellationToken cancellationToken)
    {
        stage($"XCLIENT {attributes}");
        return await wire.AskAsync($"XCLIENT {attributes}", cancellationToken);
    }

    // 554 and 421 are greetings too; what refuses the command itself is 501, 503, 550 (XCLIENT_README), or 500 and 502. AOL greeted with
    // 550: where the command was offered, one without an enhanced status, which no greeting has (RFC 2034 section 4), is a greeting.
    private static ApproachResult Judged(Reply answer, bool isOffered, TalkWire wire, string? tls) =>
        answer.Code is 220 or 421 || (isOffered && (answer.Code == 554 || answer is { Code: 550, Status: null }))
            ? new ApproachResult.Reached(new RepeatedStream(wire.TakeBack(), wire.Connection), ApproachWay.Xclient, tls)
            : new ApproachResult.Failed($"the server refuses XCLIENT: {Escaped(answer)}; {Allow}", answer);

    /// <exception cref="TalkException">No TLS.</exception>
    private async ValueTask<string> SecureAsync(TalkWire wire, CancellationToken cancellationToken)
    {
        stage("STARTTLS: without TLS the server takes no XCLIENT");
        var reply = await wire.AskAsync("STARTTLS", cancellationToken);
        if (reply.Code != 220)
            throw new TalkException($"STARTTLS is refused: {Escaped(reply)}");
        var tls = await wire.SecureAsync(request.StartTls ?? new TalkTls(HostOf(request.Server), Verify: false), cancellationToken);
        stage($"TLS is up: {tls}");
        return tls;
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
            stage("the server takes no NAME");
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
