using Gateway.Policy.Facts;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Checks;

/// <summary>The client's address is on lists of addresses in the DNS (RFC 5782), with enough weight, and on none that lets it through.</summary>
/// <param name="query">The lists; without any it refuses nobody.</param>
public sealed class RefuseListed(ListQuery query) : ICheckWithOptions
{
    // "blocked using" is what processors of bounces know.
    private static readonly Refusal Listed = new("listed", 550, 7, 1,
        "Service unavailable; client host [{ip}] blocked using {list}: {listtext}");

    private static readonly Refusal Temporary = new("listed-temp", 451, 7, 1,
        "Service unavailable; the block lists did not answer for [{ip}], try again later");

    public RefuseListed()
        : this(new ListQuery([]))
    {
    }

    public string Name => "refuse-listed";

    public IReadOnlyList<AddressList> Lists => query.Lists;

    public Stage Stage => Stage.Connect;

    public IReadOnlyList<Refusal> Refusals { get; } = [Listed, Temporary];

    public ListQuery Query => query;

    public void Prepare(PolicyFacts facts) => facts.BeginLists(query);

    public async ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken)
    {
        var lists = await facts.ListsAsync(query).WaitAsync(cancellationToken);
        var outcome = lists.Status switch
        {
            ListStatus.NotListed or ListStatus.Allowed => Outcome.Continue(lists.Detail),
            ListStatus.Listed => Listed.Because(lists.Detail),
            _ => Temporary.Because(lists.Detail),
        };
        return outcome with { Lists = lists };
    }

    IPolicyCheck ICheckWithOptions.With(JsonObjectReader reader, JsonValue rule, JsonValue? options) =>
        new RefuseListed(ListOptions.Read(reader, rule, options));
}
