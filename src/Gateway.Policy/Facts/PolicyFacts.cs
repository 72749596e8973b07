using System.Net;
using System.Net.Sockets;
using Gateway.Smtp;

namespace Gateway.Policy.Facts;

/// <summary>
/// Everything a check may know about one connection and its transaction. What costs a query is asked for once, at the
/// earliest when it is known whom to ask, and remembered as long as it stays true. Belongs to one session: not for
/// concurrent use.
/// </summary>
public sealed class PolicyFacts
{
    // There is no address to ask the DNS for.
    private static readonly Task<ClientFacts> UnknownClient = Task.FromResult(new ClientFacts(
        Nobody, IprevStatus.PermError, [], "the proxy does not know the client's address", [], TimeSpan.Zero));

    private readonly FactSources _sources;
    private readonly CancellationToken _connection;
    private readonly FactLedger _ledger = new();
    private readonly Fact<ClientFacts>? _client;
    private Fact<HeloHostFacts>? _heloHost;
    private string? _heloName;
    private Fact<SenderDomainFacts>? _senderDomain;
    private Fact<SenderHostFacts>? _senderHosts;
    private ListsAsked? _lists;
    private FindingMemory? _memory;

    // Look-ups about a HELO name or a sender that has been replaced while they were under way. A client that says MAIL and
    // RSET without end must not have as many questions under way: while these are, a new one begins only when it is waited for.
    private Task _earlier = Task.CompletedTask;

    /// <param name="address">The client's, as socket or trusted proxy says.</param>
    /// <param name="client">
    /// What the reverse DNS says about it: a lookup under way, or known already (XCLIENT, a test); null when it is not asked.
    /// </param>
    /// <param name="sources">Asked when a check wants to know more.</param>
    /// <param name="connection">Cancelled when the connection is gone.</param>
    public PolicyFacts(IPAddress address, Task<ClientFacts>? client, FactSources sources, CancellationToken connection)
    {
        Address = ReverseDnsLookup.Normalised(address);
        _sources = sources;
        _connection = connection;
        _client = client is null ? null : _ledger.Asked(client);
    }

    /// <summary>
    /// The address of a client that its proxy does not name. Nobody has this address (RFC 6890 §2.2.2), so that no network, name or
    /// list speaks for such a client; the proxy's own address would.
    /// </summary>
    public static IPAddress Nobody => IPAddress.Any;

    /// <summary>Begins the reverse lookup and returns at once: the dialogue goes on while the DNS works.</summary>
    public static PolicyFacts Start(IPAddress address, FactSources sources, CancellationToken connection) =>
        new(address, address.Equals(Nobody) ? UnknownClient : sources.ReverseDns.LookupAsync(address, connection), sources, connection);

    /// <summary>The reverse DNS is not asked: for a client that its address exempts, whom no check will judge.</summary>
    public static PolicyFacts Unasked(IPAddress address, FactSources sources, CancellationToken connection) =>
        new(address, null, sources, connection);

    /// <summary>Never IPv4-mapped.</summary>
    public IPAddress Address { get; }

    /// <summary>The client's port; null where nobody says it.</summary>
    public int? Port { get; set; }

    public bool IsIPv6 => Address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>A proxy speaks for somebody, and does not say for whom.</summary>
    public bool IsNobody => Address.Equals(Nobody);

    /// <summary>The client spoke before it was greeted; seen only where a profile wants to know.</summary>
    public bool IsEarlyTalker { get; set; }

    /// <summary>Why no policy judges the client, such as a user's or one in a relay network; null when the policy judges it.</summary>
    public Finding? Exemption { get; set; }

    /// <summary>What the reverse DNS says. Reading it makes a check's answer rest on it.</summary>
    public Task<ClientFacts> Client =>
        _ledger.Read(_client ?? throw new InvalidOperationException("the reverse DNS of an exempt client is not looked up"));

    /// <summary>Null before HELO. A new one ends the transaction (RFC 5321 §4.1.4).</summary>
    public Helo? Helo
    {
        get;
        set
        {
            // After STARTTLS a client says the same name again: what is known about it stays true.
            if (value is { } said && said.Name != _heloName)
            {
                Replaced(_heloHost?.Asking);
                (_heloName, _heloHost) = (said.Name, null);
            }
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
            Replaced(_senderDomain?.Asking);
            _senderDomain = null;
            _senderHosts = null;
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

    /// <summary>Where organizations begin.</summary>
    public PublicSuffixes Suffixes => _sources.Suffixes;

    /// <summary>Looks up the name in HELO when first asked for. Reading it makes a check's answer rest on it.</summary>
    public Task<HeloHostFacts> HeloHostAsync()
    {
        BeginHeloHost();
        return _heloHost is { } begun ? _ledger.Read(begun) : AfterEarlierAsync(static facts => facts.HeloHostAsync());
    }

    /// <summary>Begins to look up the name in HELO, so that it is known when a check asks.</summary>
    public void BeginHeloHost()
    {
        if (_heloHost is null && _earlier.IsCompleted)
            _heloHost = _ledger.Asked(_sources.HeloHosts.LookupAsync(Helo?.Name ?? "", _connection));
    }

    /// <summary>Looks the sender's domain up when first asked for. Reading it makes a check's answer rest on it.</summary>
    public Task<SenderDomainFacts> SenderDomainAsync()
    {
        BeginSenderDomain();
        return _senderDomain is { } begun ? _ledger.Read(begun) : AfterEarlierAsync(static facts => facts.SenderDomainAsync());
    }

    /// <summary>Begins to look the sender's domain up, so that it is known when a check asks.</summary>
    public void BeginSenderDomain()
    {
        if (_senderDomain is null && _earlier.IsCompleted)
            _senderDomain = _ledger.Asked(_sources.SenderDomains.LookupAsync(Sender ?? default, _connection));
    }

    /// <summary>Looks for the client among the hosts of the sender's domain. Reading it makes a check's answer rest on it.</summary>
    public Task<SenderHostFacts> SenderHostsAsync()
    {
        BeginSenderDomain();
        if (_senderDomain is null)
            return AfterEarlierAsync(static facts => facts.SenderHostsAsync());
        _senderHosts ??= _ledger.Asked(_sources.SenderHosts.LookupAsync(Address, _senderDomain.Asking, _connection));
        return _ledger.Read(_senderHosts);
    }

    /// <summary>Asks lists, all at once, each once for the connection. Reading it makes a check's answer rest on it.</summary>
    public Task<ListFacts> ListsAsync(ListQuery query) => _ledger.Read(Asked(query));

    /// <summary>Begins to ask lists, so that they have answered when a check asks.</summary>
    public void BeginLists(ListQuery query) => Asked(query);

    /// <summary>The transaction is gone (RSET, a new HELO, STARTTLS, or its message was answered).</summary>
    public void Reset()
    {
        Sender = null;
        Recipient = null;
        Recipients = [];
    }

    /// <summary>The client's facts, awaited for a header and not for a check; null when the reverse DNS is not asked.</summary>
    public async ValueTask<ClientFacts?> ClientForTraceAsync(CancellationToken cancellationToken) =>
        _client is null ? null : await _client.Asking.WaitAsync(cancellationToken);

    /// <summary>The client's facts without waiting and without resting on them; null when they are not there yet.</summary>
    public ClientFacts? ClientIfKnown => _client?.IfKnown;

    /// <summary>Every query that was made so far, in the order of the look-ups, without waiting for those under way.</summary>
    public IReadOnlyList<TrailStep> Trail => _ledger.Trail;

    /// <summary>How many facts are held on to: a few, whatever the client does.</summary>
    internal int HeldFacts => _ledger.Count;

    /// <summary>From here on it is noted which facts are read.</summary>
    internal void NoteReading() => _ledger.NoteReading();

    /// <summary>Whether a fact that was read since then is one that the DNS could not settle.</summary>
    internal bool RestsOnTemporaryFailure => _ledger.RestsOnTemporaryFailure;

    internal FindingMemory MemoryOf(PolicyEngine engine) =>
        _memory?.Engine == engine ? _memory : _memory = new FindingMemory(engine);

    private void Replaced(Task? asking)
    {
        if (asking is { IsCompleted: false })
            _earlier = _earlier.IsCompleted ? asking : Task.WhenAll(_earlier, asking);
    }

    private async Task<T> AfterEarlierAsync<T>(Func<PolicyFacts, Task<T>> ask)
    {
        await Task.WhenAny(_earlier);
        return await ask(this);
    }

    private Fact<ListFacts> Asked(ListQuery query) => (_lists ??= new(_sources.Lists, _sources.ListTroubles, Address, _ledger, _connection)).Ask(query);
}
