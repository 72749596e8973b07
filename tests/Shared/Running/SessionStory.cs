using System.Net;
using Gateway.Policy;
using Gateway.Policy.Facts;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Tests;

/// <summary>A session that happens as a test tells it, for tests of what is written down about sessions.</summary>
internal sealed class SessionStory(string id, DateTimeOffset started, IPEndPoint peer, EndPoint? listener, string profile)
{
    private readonly SessionHistory _history = new(profile);
    private string? _claimedBy;
    private IPEndPoint? _named;
    private int _transactions;
    private int _failedLogins;

    public string Id => id;
    public IPEndPoint Peer => peer;
    public IPEndPoint Client => _named ?? peer;
    public ClientFacts? Facts { get; set; }
    public Helo? Helo { get; set; }
    public string? Tls { get; set; }
    public string? User { get; set; }
    public string? StorageFailure { get; set; }
    public SessionEnd End { get; set; }
    public TimeSpan Elapsed { get; set; }

    public SessionRecord Record => new(_history)
    {
        Id = id,
        Started = started,
        Elapsed = Elapsed,
        End = End,
        Peer = peer,
        Client = Client,
        ClaimedBy = _claimedBy,
        Listener = listener,
        Facts = Facts,
        Trail = Facts?.Trail ?? [],
        Helo = Helo,
        Tls = Tls,
        User = User,
        FailedLogins = _failedLogins,
        StorageFailure = StorageFailure,
    };

    public static implicit operator SessionRecord(SessionStory story) => story.Record;

    public void Claimed(string by, IPEndPoint named)
    {
        (_claimedBy, _named) = (by, named);
        _history.ClientNamed();
    }

    public void ProxyRefused(ProxyRefusal refusal) => _history.ProxyRefused(refusal);

    public void XclientRefused() => _history.XclientRefused();

    public void LoginFailed(string name)
    {
        _failedLogins++;
        _history.LoginFailed(name);
    }

    public void Begin(ReversePath sender, TimeSpan at = default) => _history.Began(++_transactions, sender, at);

    public void Asked(ForwardPath recipient) => _history.Asked(recipient);

    public void JudgedBy(string name) => _history.JudgedBy(name);

    public void Judged(Verdict verdict) => _history.Judged(verdict);

    public void Accepted(Verb verb) => _history.Answered(verb, default);

    public void Refused(Verb verb, Reply reply, TimeSpan at = default, Refuser by = Refuser.Server) =>
        _history.Answered(verb, new(reply) { Refuser = by }, at);

    public void Message(Envelope envelope, long size, RelayResult fate) => _history.Message(envelope, size, fate, isUsers: User is not null);

    public void CloseTransaction() => _history.TransactionEnded();
}
