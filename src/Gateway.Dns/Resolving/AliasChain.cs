namespace Gateway.Dns;

/// <summary>
/// The way from the asked name along its aliases, through one or more messages (RFC 1034 §3.6.2 and §5.3.3 step 4c).
/// It has no opinion about owners: RFC 2317 puts labels such as <c>0/25</c> into the chain.
/// </summary>
internal sealed class AliasChain(DnsQuestion question, int maxAliases)
{
    public enum Step
    {
        Found,
        NoData,
        NameError,

        /// <summary>The message ends at <see cref="Current"/>, which has to be asked for.</summary>
        Incomplete,

        /// <summary>The chain comes back to a name that it had, or is too long.</summary>
        Endless,

        /// <summary>The server knows nothing of the name: it refers elsewhere, or is not responsible at all.</summary>
        Lame,

        /// <summary>The message says that the name does not exist, and holds records of that name. The chain stays where it was.</summary>
        Contradictory,
    }

    private readonly List<CnameRecord> _aliases = [];
    private TimeSpan _timeToLive = TimeSpan.MaxValue;

    public DomainName Current { get; private set; } = question.Name;

    public IReadOnlyList<ResourceRecord> Records { get; private set; } = [];

    public IReadOnlyList<CnameRecord> Aliases => _aliases.Count == 0 ? [] : _aliases;

    public TimeSpan TimeToLive => _timeToLive == TimeSpan.MaxValue ? TimeSpan.Zero : _timeToLive;

    /// <summary>Goes on with a message whose response code is NOERROR or NXDOMAIN.</summary>
    public Step Follow(DnsMessage message)
    {
        var (start, startName, startTimeToLive) = (_aliases.Count, Current, _timeToLive);
        while (true)
        {
            // RFC 2308 §2.1: beside NXDOMAIN only aliases may stand in the answer section. Whichever of the two such a server means, it
            // cannot be trusted with either: the name may exist, so that nothing final may rest on this message.
            if (message.ResponseCode == ResponseCode.NameError && HoldsRecordsOf(Current, message))
            {
                _aliases.RemoveRange(start, _aliases.Count - start);
                (Current, _timeToLive) = (startName, startTimeToLive);
                return Step.Contradictory;
            }
            if (TakeRecords(message))
                return Step.Found;
            if (AliasOf(Current, message) is not { } alias)
                return End(message, hasMoved: _aliases.Count > start);
            _aliases.Add(alias);
            Shorten(alias.TimeToLive);
            Current = alias.Target;
            if (_aliases.Count > maxAliases || _aliases.Exists(earlier => earlier.Owner == Current))
                return Step.Endless;
        }
    }

    private bool TakeRecords(DnsMessage message)
    {
        List<ResourceRecord>? records = null;
        foreach (var record in message.Answers)
        {
            if ((record.Type != question.Type && question.Type != RecordType.Any) || record.Owner != Current)
                continue;
            (records ??= []).Add(record);
            Shorten(record.TimeToLive);
        }
        Records = records ?? (IReadOnlyList<ResourceRecord>)[];
        return records is not null;
    }

    // An alias is followed, unless aliases are what was asked for.
    private bool HoldsRecordsOf(DomainName name, DnsMessage message)
    {
        foreach (var record in message.Answers)
            if (record.Owner == name && (record.Type != RecordType.Cname || question.Type is RecordType.Cname or RecordType.Any))
                return true;
        return false;
    }

    private static CnameRecord? AliasOf(DomainName name, DnsMessage message)
    {
        foreach (var record in message.Answers)
            if (record is CnameRecord alias && alias.Owner == name)
                return alias;
        return null;
    }

    private Step End(DnsMessage message, bool hasMoved)
    {
        var authority = AuthorityFor(Current, message);
        // RFC 6604 §3: the response code is about the last name of the chain.
        if (message.ResponseCode == ResponseCode.NameError)
            return authority is null && KnowsNothing(message) ? Step.Lame : Negative(Step.NameError, authority);
        if (authority is not null)
            return Negative(Step.NoData, authority);
        // What was asked for, of somebody else's name, says nothing about this one, and not that it has none.
        if (!hasMoved && message.Answers.Any(record => record.Type == question.Type))
            return Step.Lame;
        // An authoritative server stops where its zones end; the next one, or the same, is asked for the rest.
        if (hasMoved)
            return Step.Incomplete;
        return IsReferral(message) ? Step.Lame : Negative(Step.NoData, authority: null);
    }

    // RFC 2308 §2.2: NS records without SOA are a referral, not "no data".
    private static bool IsReferral(DnsMessage message) => KnowsNothing(message)
        || (!message.IsAuthoritative && message.Authorities.Any(static record => record is NsRecord));

    // Who neither has the zone nor looks elsewhere can say neither that a name has no such record nor that there is no such name.
    private static bool KnowsNothing(DnsMessage message) => message is { IsAuthoritative: false, RecursionAvailable: false };

    private static SoaRecord? AuthorityFor(DomainName name, DnsMessage message)
    {
        foreach (var record in message.Authorities)
            if (record is SoaRecord start && name.IsAtOrBelow(start.Owner))
                return start;
        return null;
    }

    // RFC 2308 §5: the lesser of the SOA's own TTL and its MINIMUM; without SOA the answer is not kept.
    private Step Negative(Step step, SoaRecord? authority)
    {
        Shorten(authority is null ? TimeSpan.Zero : authority.TimeToLive);
        Shorten(authority?.Minimum ?? TimeSpan.Zero);
        return step;
    }

    private void Shorten(TimeSpan timeToLive) => _timeToLive = timeToLive < _timeToLive ? timeToLive : _timeToLive;
}
