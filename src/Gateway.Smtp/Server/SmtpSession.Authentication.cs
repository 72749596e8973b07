namespace Gateway.Smtp;

// How a client says who it is (RFC 4954 §4). Between a challenge and its response every line is a response, whatever it looks
// like: what a client sends ahead of the challenge is read the same however the octets are cut.
public sealed partial class SmtpSession
{
    private SaslExchange? _exchange;

    /// <summary>The client has said who it is, and the handler believed it; a handler that knows it from elsewhere may say so.</summary>
    public bool IsAuthenticated { get; set; }

    // RFC 4954 §4: PLAIN and LOGIN show the password, so TLS must be up.
    private bool OffersAuth => options.OffersAuth && IsSecured;

    private ValueTask<Reply?> AuthAsync(string mechanism, byte[]? response)
    {
        if (!options.OffersAuth)
            return new(Mistake(ServerReplies.NoAuth));
        if (IsAuthenticated)
            return new(Mistake(ServerReplies.AlreadyAuthenticated));
        if (!IsSecured)
            return new(Mistake(ServerReplies.AuthInClear));
        if (mechanism.Length == 0)
            return new(Mistake(ServerReplies.MechanismExpected));
        if (SaslExchange.Begin(mechanism) is not { } exchange)
            return new(Mistake(ServerReplies.UnknownMechanism));
        _exchange = exchange;
        return response is null ? new(exchange.Challenge) : RespondAsync(exchange.TakeInitial(response, out var credentials), credentials);
    }

    private ValueTask<Reply?> RespondAsync(byte[] response) => RespondAsync(_exchange!.Take(response, out var credentials), credentials);

    private ValueTask<Reply?> RespondAsync(Reply? reply, PresentedCredentials? credentials)
    {
        if (reply is { IsPositive: true })
            return new(reply);
        _exchange = null;
        return credentials is null ? new(Mistake(reply!)) : AuthenticateAsync(credentials);
    }

    /// <summary>A line that is too long, or does not end as lines do, ends the exchange.</summary>
    private Reply EndExchange(LineKind line)
    {
        _exchange = null;
        return Mistake(line == LineKind.TooLong ? ServerReplies.ExchangeTooLong : ServerReplies.BareNewlineInCommand);
    }

    private async ValueTask<Reply?> AuthenticateAsync(PresentedCredentials credentials)
    {
        try
        {
            // The answer may be slow on purpose; replies to what came before do not wait for it.
            await FlushBeforeLongWorkAsync();
            var reply = await handler.AuthenticateAsync(credentials, _aborted);
            IsAuthenticated = reply.IsPositive;
            return reply;
        }
        finally
        {
            credentials.Clear();
        }
    }

    private async ValueTask FlushBeforeLongWorkAsync()
    {
        if (_wire.Unflushed == 0)
            return;
        _wire.Deadline.Start(options.CommandTimeout);
        await _wire.FlushAsync();
        _wire.Deadline.Pause();
    }
}
