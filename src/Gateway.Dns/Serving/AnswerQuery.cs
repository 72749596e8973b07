using System.Net;

namespace Gateway.Dns;

/// <summary>Writes the response to a query into the destination; the client is only asked for when somebody wants to know.</summary>
internal delegate QueryReply AnswerQuery(ReadOnlySpan<byte> query, bool isDatagram, Span<byte> destination, Func<IPEndPoint> client);
