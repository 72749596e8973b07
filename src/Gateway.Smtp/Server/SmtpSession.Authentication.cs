namespace Gateway.Smtp;

// How a client authenticates (RFC 4954 §4). After a challenge the next line is a response, whatever it looks like. So input that a client
// sends ahead of the challenge is read in the same way however the octets are cut.
public sealed partial class SmtpSession
{
    // RFC 4954 §4: PLAIN and LOGIN show the password, so TLS must be up.
    private bool OffersAuth => _options.OffersAuth && session.IsSecured;

    private ValueTask<CommandOutcome> AuthAsync(string mechanism, byte[]? response)
    {
        if (!_options.OffersAuth)
            return new(Mistake(ServerReplies.NoAuth));
        if (session.User is not null)
            return new(Mistake(ServerReplies.AlreadyAuthenticated));
        if (!session.IsSecured)
            return new(Mistake(ServerReplies.AuthInClear));
        if (mechanism.Length == 0)
            return new(Mistake(ServerReplies.MechanismExpected));
        if (SaslExchange.Begin(mechanism) is not { } exchange)
            return new(Mistake(ServerReplies.UnknownMechanism));
        session.Exchange = exchange;
        return response is null ? new(exchange.Challenge) : RespondAsync(exchange.TakeInitial(response, out var credentials), credentials);
    }

    private ValueTask<CommandOutcome> RespondAsync(byte[] response) => RespondAsync(session.Exchange!.Take(response, out var credentials), credentials);

    private ValueTask<CommandOutcome> RespondAsync(Reply? reply, PresentedCredentials? credentials)
    {
        if (reply is { IsPositive: true })
            return new(reply);
        session.Exchange = null;
        return credentials is null ? new(Mistake(reply!)) : AuthenticateAsync(credentials);
    }

    /// <summary>A line that is too long, or does not end as lines do, ends the exchange.</summary>
    private Reply EndExchange(LineKind line)
    {
        session.Exchange = null;
        return Mistake(line == LineKind.TooLong ? ServerReplies.ExchangeTooLong : ServerReplies.BareNewlineInCommand);
    }

    private async ValueTask<CommandOutcome> AuthenticateAsync(PresentedCredentials credentials)
    {
        try
        {
            // The handler may be slow on purpose.
            await FlushBeforeLongWorkAsync();
            var (reply, user) = await handler.AuthenticateAsync(credentials, _aborted);
            session.Login = user;
            return reply;
        }
        finally
        {
            credentials.Clear();
        }
    }
}
