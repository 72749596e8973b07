namespace Gateway.Policy.Advising;

/// <summary>
/// What to publish so that strict receivers accept, and what is right already. A pure function of facts and findings; it
/// follows the resolution of KB300171: MX → A → address, a PTR record for the address that the world sees, PTR → a host in
/// the domain.
/// </summary>
/// <param name="Standing">The records that are right, in the article's order.</param>
/// <param name="Advice">What is to be done, in the order in which receivers stumble over it; empty when nothing is.</param>
public sealed record Remedy(IReadOnlyList<StandingRecord> Standing, IReadOnlyList<Advice> Advice)
{
    /// <param name="facts">What is published.</param>
    /// <param name="against">What checks that somebody enforces have against the sender.</param>
    public static Remedy Of(PublishedFacts facts, IReadOnlyCollection<Finding> against)
    {
        var reverse = new ReverseDnsAdvice(facts, against);
        Advice[] advice = [.. reverse.All(), .. SenderDomainAdvice.Of(facts), .. ServerAdvice.Of(facts, against)];
        // Two reasons may ask for the same record.
        return new(StandingRecords.Of(facts), [.. advice.DistinctBy(static one => one.Record ?? one.Reason)]);
    }
}
