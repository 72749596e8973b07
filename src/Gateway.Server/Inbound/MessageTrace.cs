using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;
using Gateway.Smtp;

namespace Gateway.Server.Inbound;

/// <summary>Puts trace fields on top of a message that is about to be relayed.</summary>
internal static class MessageTrace
{
    /// <summary>The message with its trace fields, without fields that claim to be ours; or why it cannot be relayed.</summary>
    public static async ValueTask<(OutgoingMessage? Message, Reply? Refusal)> AddAsync(
        InboundSession session, Envelope envelope, MessageContent content, PolicyFacts facts, TimeProvider time, CancellationToken cancellationToken)
    {
        var listener = session.Listener;
        var header = await HeaderScan.ReadAsync(content, listener.AuthservId, cancellationToken);
        if (header.IsTooLong)
            return (null, session.Signed(new(552, 3, 4, $"The message header exceeds {HeaderScan.MaxHeader} octets")));
        // RFC 5321 §6.3: a count of trace fields is the only sign of a loop that may be used.
        if (header.ReceivedFields >= listener.MaxReceivedFields)
            return (null, session.Signed(new(554, 4, 6, $"Too many hops: the message has {header.ReceivedFields} Received fields, so it is in a mail loop")));
        var style = session.Judge.Profile.Received;
        // This style says something about each client, so it waits for the lookup even when no check wanted it.
        var client = style == ReceivedStyle.Exchange2003 ? await facts.ClientForTraceAsync(cancellationToken) : facts.ClientIfKnown;
        var fields = new TraceFields(
            listener.HostName,
            session.Client.Address,
            client,
            session.Helo?.Name,
            session.Protocol,
            session.Tls,
            $"{session.Id}.{session.TransactionCount}",
            envelope.Recipients is [var only] ? only : null,
            time.GetLocalNow())
        {
            AuthservId = listener.AuthservId,
            Style = style,
        };
        return (new(fields.Encode(), content, header.Forged), null);
    }
}
