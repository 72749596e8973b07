using Gateway.Server.Talking;
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
        var greeted = new GreetedHost(host);
        try
        {
            var reached = await new Approach(static _ => { }, time).OpenAsync(
                new() { Server = host.Endpoint, Way = ApproachWay.Plain, HeloName = heloName, Patience = Patience }, either.Token);
            if (reached is not ApproachResult.Reached { Connection: var connection })
                return greeted with { Problem = ((ApproachResult.Failed)reached).Problem };
            await using var wire = new TalkWire(connection, static (_, _) => { }, Patience, time);
            greeted = await SpeakAsync(wire, greeted, either.Token);
            await LeaveAsync(wire);
            return greeted;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return greeted with { Problem = $"the server took more than {WholeDialogue.TotalSeconds:0} s" };
        }
    }

    private async Task<GreetedHost> SpeakAsync(TalkWire wire, GreetedHost greeted, CancellationToken cancellationToken)
    {
        try
        {
            var greeting = await wire.HearAsync(cancellationToken);
            greeted = greeted with { Greeting = greeting };
            if (greeting.Code != 220)
                return Judged(greeted, greeting);
            var ehlo = await wire.AskAsync($"EHLO {heloName}", cancellationToken);
            if (ehlo.Code is 500 or 502)
                ehlo = await wire.AskAsync($"HELO {heloName}", cancellationToken);
            greeted = greeted with { Ehlo = ehlo, OffersStartTls = ServerExtensions.Parse(ehlo).StartTls };
            if (ehlo.Code != 250)
                return Judged(greeted, ehlo);
            if (greeted.OffersStartTls)
            {
                greeted = await SecureAsync(wire, greeted, cancellationToken);
                if (greeted.Problem is not null)
                    return greeted;
            }
            var mail = await wire.AskAsync("MAIL FROM:<>", cancellationToken);
            if (!mail.IsPositive)
                return Judged(greeted, mail);
            return Judged(greeted, await wire.AskAsync($"RCPT TO:<postmaster@{domain}>", cancellationToken));
        }
        catch (TalkException lost)
        {
            return greeted with { Problem = lost.Message };
        }
    }

    private async Task<GreetedHost> SecureAsync(TalkWire wire, GreetedHost greeted, CancellationToken cancellationToken)
    {
        var answer = await wire.AskAsync("STARTTLS", cancellationToken);
        if (answer.Code != 220)
            return greeted with { Tls = $"refused: {answer}" };
        try
        {
            var agreed = await wire.SecureAsync(new(greeted.Host.Name, Verify: false), cancellationToken);
            // RFC 3207 §4.2: what was learned before the handshake is forgotten.
            var ehlo = await wire.AskAsync($"EHLO {heloName}", cancellationToken);
            return greeted with { Tls = agreed, Ehlo = ehlo };
        }
        catch (TalkException failed)
        {
            return greeted with { Tls = failed.Message, Problem = failed.Message };
        }
    }

    private async Task LeaveAsync(TalkWire wire)
    {
        using var hurry = new CancellationTokenSource(Farewell, time);
        try
        {
            await wire.AskAsync("QUIT", hurry.Token);
        }
        catch (Exception gone) when (gone is TalkException or OperationCanceledException or IOException or InvalidOperationException)
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
