using Gateway.Smtp;

namespace Gateway.Server.Checking;

/// <summary>
/// Greets every address of a domain's MX hosts as a sender would, up to RCPT for the domain's postmaster, and never sends a message:
/// KB895853 has mail lost at random because an MX record leads to the wrong virtual server.
/// </summary>
/// <param name="domain">Whose mail it is.</param>
/// <param name="heloName">What this machine says of itself.</param>
/// <param name="time">The clock.</param>
internal sealed class MxProbe(string domain, string heloName, TimeProvider time)
{
    /// <summary>More say nothing new, and each costs a connection.</summary>
    public const int MaxHosts = 16;

    private const int MaxConcurrent = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan WholeDialogue = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    // RFC 3463 §3.8: security features are missing, or wrong.
    private static readonly EnhancedStatusCode NotAuthenticated = new(5, 7, 3);

    public async Task<IReadOnlyList<GreetedHost>> GreetAsync(IReadOnlyList<MailHost> hosts, CancellationToken cancellationToken)
    {
        var greeted = new List<GreetedHost>();
        foreach (var some in hosts.Take(MaxHosts).Chunk(MaxConcurrent))
            greeted.AddRange(await Task.WhenAll(some.Select(host => GreetAsync(host, cancellationToken))));
        return greeted;
    }

    private async Task<GreetedHost> GreetAsync(MailHost host, CancellationToken cancellationToken)
    {
        using var whole = new CancellationTokenSource(WholeDialogue, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, cancellationToken);
        try
        {
            await using var connection = await SmtpConnection.ConnectAsync(host.Endpoint, source: null, Patience, time, either.Token);
            await using var ended = connection.EndWith(either.Token);
            var dialogue = new SmtpDialogue(connection, Patience);
            var greeted = await SpeakAsync(dialogue, new(host));
            await LeaveAsync(dialogue);
            return greeted;
        }
        catch (SmtpConnectionException interrupted) when (interrupted.Failure == SmtpConnectionFailure.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(host) { Problem = $"the dialogue took longer than {WholeDialogue.TotalSeconds:0} s" };
        }
        catch (SmtpConnectionException unreachable)
        {
            return new(host)
            {
                Problem = unreachable.Failure == SmtpConnectionFailure.TimedOut
                    ? $"cannot connect to {host.Endpoint} within {Patience.TotalSeconds:0} s"
                    : $"cannot connect to {host.Endpoint}: {unreachable.Problem}",
            };
        }
    }

    private async Task<GreetedHost> SpeakAsync(SmtpDialogue dialogue, GreetedHost greeted)
    {
        try
        {
            var greeting = await dialogue.ReadReplyAsync();
            greeted = greeted with { Greeting = greeting };
            if (greeting.Code != 220)
                return Judged(greeted, greeting);
            var ehlo = await dialogue.AskAsync($"EHLO {heloName}");
            if (ehlo.Code is 500 or 502)
                ehlo = await dialogue.AskAsync($"HELO {heloName}");
            greeted = greeted with { Ehlo = ehlo, OffersStartTls = ServerExtensions.Parse(ehlo).StartTls };
            if (ehlo.Code != 250)
                return Judged(greeted, ehlo);
            if (greeted.OffersStartTls)
            {
                greeted = await SecureAsync(dialogue, greeted);
                if (greeted.Problem is not null)
                    return greeted;
            }
            var mail = await dialogue.AskAsync("MAIL FROM:<>");
            if (!mail.IsPositive)
                return Judged(greeted, mail);
            return Judged(greeted, await dialogue.AskAsync($"RCPT TO:<postmaster@{domain}>"));
        }
        catch (SmtpConnectionException lost) when (lost.Failure != SmtpConnectionFailure.Cancelled)
        {
            return greeted with { Problem = lost.Problem };
        }
    }

    private async Task<GreetedHost> SecureAsync(SmtpDialogue dialogue, GreetedHost greeted)
    {
        var answer = await dialogue.AskAsync("STARTTLS");
        if (answer.Code != 220)
            return greeted with { Tls = $"refused: {answer}" };
        try
        {
            var agreed = await dialogue.UpgradeAsync(new(greeted.Host.Name, Verify: false));
            // RFC 3207 §4.2: what was learned before the handshake is forgotten.
            var ehlo = await dialogue.AskAsync($"EHLO {heloName}");
            return greeted with { Tls = agreed, Ehlo = ehlo };
        }
        catch (SmtpConnectionException failed) when (failed.Failure != SmtpConnectionFailure.Cancelled)
        {
            return greeted with { Tls = failed.Problem, Problem = failed.Problem };
        }
    }

    private static async Task LeaveAsync(SmtpDialogue dialogue)
    {
        try
        {
            await dialogue.QuitAsync(Farewell);
        }
        catch (SmtpConnectionException)
        {
            // Polite where it can be; nothing depends on it.
        }
    }

    private static GreetedHost Judged(GreetedHost greeted, Reply answer) => greeted with { Answer = answer, Verdict = Verdict(answer) };

    // RFC 4954 §6: 530 wants authentication, 535 did not get it. Exchange says 5.7.3 for both.
    private static ProbeVerdict Verdict(Reply answer) => answer switch
    {
        { IsPositive: true } => ProbeVerdict.TakesMail,
        { Code: 530 or 535 } => ProbeVerdict.AsksForAuthentication,
        { Status: { } status } when status == NotAuthenticated => ProbeVerdict.AsksForAuthentication,
        { IsTransient: true } => ProbeVerdict.Defers,
        _ when answer.Lines.Any(static line => line.Contains("relay", StringComparison.OrdinalIgnoreCase)) => ProbeVerdict.RefusesDomain,
        _ => ProbeVerdict.Refuses,
    };
}
