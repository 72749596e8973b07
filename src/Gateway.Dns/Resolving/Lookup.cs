namespace Gateway.Dns;

/// <summary>One question on its way: along its aliases, and for each name from server to server.</summary>
internal sealed class Lookup(
    DnsQuestion question, StubResolverOptions options, NameServer[] servers, ServerExchange exchange, Deadline deadline)
{
    private enum Turn
    {
        /// <summary><see cref="_answer"/> is the answer.</summary>
        Answered,

        /// <summary>The chain leads on, to another name.</summary>
        MovesOn,

        /// <summary>The server has no answer, and will have none when asked again.</summary>
        Failed,
        Silent,
    }

    private const int MaxDoublings = 6;

    private readonly AliasChain _chain = new(question, options.MaxAliases);
    private readonly string?[] _failures = new string?[servers.Length];
    private DnsStatus _failure;
    private DnsAnswer? _answer;
    private bool _isAuthenticated = true;

    public async ValueTask<DnsAnswer> RunAsync(CancellationToken cancellationToken)
    {
        while (await AskServersAsync(cancellationToken) == Turn.MovesOn)
            Array.Clear(_failures);
        return _answer!;
    }

    // Every server is asked once. Only when all of them kept silent is it worth to ask again, with more patience.
    private async ValueTask<Turn> AskServersAsync(CancellationToken cancellationToken)
    {
        var order = Order();
        var patience = options.AttemptTimeout;
        _failure = DnsStatus.TimedOut;
        for (var round = 0; ; round++)
        {
            var hasFailed = false;
            foreach (var server in order)
            {
                if (deadline.IsSpent)
                    return GiveUp(DnsStatus.TimedOut);
                var turn = await AskAsync(server, patience, cancellationToken);
                if (turn is Turn.Answered or Turn.MovesOn)
                    return turn;
                hasFailed |= turn == Turn.Failed;
            }
            if (hasFailed)
                return GiveUp(deadline.IsSpent ? DnsStatus.TimedOut : _failure);
            if (round < MaxDoublings)
                patience *= 2;
        }
    }

    private async ValueTask<Turn> AskAsync(int index, TimeSpan patience, CancellationToken cancellationToken)
    {
        var server = servers[index];
        var isPatient = deadline.Remaining >= patience;
        var reply = await exchange.AskAsync(server, question with { Name = _chain.Current }, patience, deadline, cancellationToken);
        if (reply.Message is { } message)
        {
            server.Answered();
            return Read(index, message);
        }
        if (reply.Failure == DnsStatus.TimedOut && isPatient)
            server.WasSilent();
        Note(index, reply.Failure, reply.Detail!);
        return reply.IsSilence ? Turn.Silent : Turn.Failed;
    }

    private Turn Read(int index, DnsMessage message)
    {
        var server = servers[index].Text;
        if (message.ResponseCode is not (ResponseCode.NoError or ResponseCode.NameError))
        {
            var status = message.ResponseCode == ResponseCode.Refused ? DnsStatus.Refused : DnsStatus.ServerFailure;
            return Note(index, status, $"{server} says {Explanation.Of(message)} for {_chain.Current}");
        }
        var step = _chain.Follow(message);
        if (step == AliasChain.Step.Lame)
            return Note(index, DnsStatus.Malformed, $"{server} has no answer for {_chain.Current}: it sent a referral, or records of another name");
        if (step == AliasChain.Step.Contradictory)
            return Note(index, DnsStatus.Malformed, $"{server} says {Explanation.Of(message)} for {_chain.Current}, but sends records of that name too");
        _isAuthenticated &= message.IsAuthenticated;
        return step switch
        {
            AliasChain.Step.Incomplete => Turn.MovesOn,
            AliasChain.Step.Found => Conclude(DnsStatus.Found, servers[index].AnswerText),
            AliasChain.Step.NameError => Conclude(DnsStatus.NameError, $"{server} says {Explanation.Of(message)} for {_chain.Current}"),
            AliasChain.Step.NoData => Conclude(DnsStatus.NoData, $"{server} has no such record of {_chain.Current}"),
            _ => Conclude(DnsStatus.Malformed, $"the aliases of {question.Name} form a circle, or are more than {options.MaxAliases}"),
        };
    }

    private Turn Conclude(DnsStatus status, string detail)
    {
        var isAnswer = status <= DnsStatus.NameError;
        _answer = new(
            question, status, _chain.Records, _chain.Aliases, isAnswer ? _chain.TimeToLive : TimeSpan.Zero, detail,
            isAnswer && _isAuthenticated);
        return Turn.Answered;
    }

    private Turn GiveUp(DnsStatus status)
    {
        var said = string.Join("; ", _failures.Where(static failure => failure is not null));
        return Conclude(status, said.Length > 0 ? said : $"the time ran out before a DNS server could be asked for {_chain.Current}");
    }

    private Turn Note(int index, DnsStatus failure, string detail)
    {
        _failures[index] = detail;
        if (Weight(failure) > Weight(_failure))
            _failure = failure;
        return Turn.Failed;
    }

    // Of several failures the one that says most about the name is reported.
    private static int Weight(DnsStatus failure) => failure switch
    {
        DnsStatus.ServerFailure => 3,
        DnsStatus.Refused => 2,
        DnsStatus.Malformed => 1,
        _ => 0,
    };

    private int[] Order()
    {
        if (servers.Length == 1)
            return OnlyServer;
        var order = new int[servers.Length];
        int first = 0, last = order.Length;
        for (var i = servers.Length - 1; i >= 0; i--)
            if (servers[i].IsAvoided())
                order[--last] = i;
        for (var i = 0; i < servers.Length; i++)
            if (Array.IndexOf(order, i, last) < 0)
                order[first++] = i;
        return order;
    }

    private static readonly int[] OnlyServer = [0];
}
