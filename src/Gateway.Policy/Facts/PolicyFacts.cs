using System.Net;
using System.Net.Sockets;
using Gateway.Smtp;

namespace Gateway.Policy;

/// <summary>
/// Everything a check may know about one connection and its transaction. What costs a query is asked for once, at the
/// earliest when it is known whom to ask, and remembered as long as it stays true. Belongs to one session: not for
/// concurrent use.
/// </summary>
/// <param name="address">The client's, as socket or trusted proxy says.</param>
/// <param name="client">
/// What the reverse DNS says about it: a lookup under way, or known already (XCLIENT, a test); null when it is not asked.
/// </param>
/// <param name="senderDomains">Asked when a check wants to know.</param>
/// <param name="connection">Cancelled when the connection is gone.</param>
public sealed class PolicyFacts(
    IPAddress address, Task<ClientFacts>? client, SenderDomainLookup senderDomains, CancellationToken connection)
{
    private Task<SenderDomainFacts>? _senderDomain;
    private Task<SenderDomainFacts>? _earlierSender;
    private bool _clientWasRead;
    private bool _senderDomainWasRead;
    private FindingMemory? _memory;

    /// <summary>Begins the reverse lookup and returns at once: the dialogue goes on while the DNS works.</summary>
    public static PolicyFacts Start(
        IPAddress address, ReverseDnsLookup reverseDns, SenderDomainLookup senderDomains, CancellationToken connection) =>
        new(address, reverseDns.LookupAsync(address, connection), senderDomains, connection);

    /// <summary>The reverse DNS is not asked: for a client that its address exempts, whom no check will judge.</summary>
    public static PolicyFacts Unasked(IPAddress address, SenderDomainLookup senderDomains, CancellationToken connection) =>
        new(address, null, senderDomains, connection);

    /// <summary>Never IPv4-mapped.</summary>
    public IPAddress Address { get; } = ReverseDnsLookup.Normalised(address);

    public bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>What the reverse DNS says. Reading it makes a check's answer rest on it.</summary>
    public Task<ClientFacts> Client
    {
        get
        {
            _clientWasRead = true;
            return client ?? throw new InvalidOperationException("the reverse DNS of an exempt client is not asked");
        }
    }

    /// <summary>Null before HELO. A new one ends the transaction (RFC 5321 §4.1.4).</summary>
    public Helo? Helo
    {
        get;
        set
        {
            field = value;
            Reset();
            _memory?.Forget(Stage.Helo);
        }
    }

    /// <summary>Null before MAIL.</summary>
    public ReversePath? Sender
    {
        get;
        set
        {
            field = value;
            _earlierSender = _senderDomain ?? _earlierSender;
            _senderDomain = null;
            _memory?.Forget(Stage.Mail);
        }
    }

    /// <summary>The one that is being asked about; null before RCPT.</summary>
    public ForwardPath? Recipient
    {
        get;
        set
        {
            field = value;
            _memory?.Forget(Stage.Recipient);
        }
    }

    /// <summary>All that were accepted, for <see cref="Stage.Data"/>.</summary>
    public IReadOnlyList<ForwardPath> Recipients { get; set; } = [];

    /// <summary>Looks the sender's domain up when first asked for. Reading it makes a check's answer rest on it.</summary>
    public async ValueTask<SenderDomainFacts> SenderDomainAsync()
    {
        _senderDomainWasRead = true;
        if (_senderDomain is null && _earlierSender is not null)
            await Task.WhenAny(_earlierSender);
        BeginSenderDomain();
        return await _senderDomain!;
    }

    /// <summary>
    /// Begins to look the sender's domain up, so that it is known when a check asks. One at a time: a client that says MAIL and
    /// RSET without end must not have as many questions under way, so while one for an earlier sender is, nothing begins.
    /// </summary>
    public void BeginSenderDomain()
    {
        if (_senderDomain is null && _earlierSender is null or { IsCompleted: true })
            _senderDomain = senderDomains.LookupAsync(Sender ?? default, connection);
    }

    /// <summary>The transaction is gone (RSET, a new HELO, STARTTLS, or its message was answered).</summary>
    public void Reset()
    {
        Sender = null;
        Recipient = null;
        Recipients = [];
    }

    /// <summary>The client's facts without waiting and without resting on them; null when they are not there yet.</summary>
    public ClientFacts? ClientIfKnown => Known(client);

    /// <summary>From here on it is noted which facts are read.</summary>
    internal void NoteReading() => _clientWasRead = _senderDomainWasRead = false;

    /// <summary>Whether a fact that was read since then is one that the DNS could not settle.</summary>
    internal bool RestsOnTemporaryFailure =>
        (_clientWasRead && Known(client) is not { Iprev: not IprevStatus.TempError })
        || (_senderDomainWasRead && Known(_senderDomain) is not { Status: not SenderDomainStatus.TempError });

    internal FindingMemory MemoryOf(PolicyEngine engine) =>
        _memory?.Engine == engine ? _memory : _memory = new FindingMemory(engine);

    private static T? Known<T>(Task<T>? task) where T : class => task is { IsCompletedSuccessfully: true } ? task.GetAwaiter().GetResult() : null;
}
