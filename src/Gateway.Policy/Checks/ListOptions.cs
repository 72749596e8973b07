using System.Net;
using System.Text.Json;
using Gateway.Dns;
using Gateway.Policy.Facts;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Checks;

/// <summary>Reads which lists <c>refuse-listed</c> asks: <c>{ "lists": [ "zone", { "zone": …, "weight": 2 } ], "threshold": 2 }</c>.</summary>
internal static class ListOptions
{
    // Each is a query for each client; nobody needs more.
    private const int MaxLists = 32;
    private const int MaxWeight = 1000;

    private static readonly string[] Keys = ["lists", "threshold"];
    private static readonly string[] ListKeys = ["zone", "weight", "allow", "answers"];

    public static ListQuery Read(JsonObjectReader outer, JsonValue rule, JsonValue? options)
    {
        if (options is null)
        {
            outer.Error(rule, "\"options\" is missing: write the \"lists\" to ask");
            return new([]);
        }
        var reader = outer.Inner(options, Keys);
        var lists = Lists(reader);
        var threshold = OptionValues.Number(reader, "threshold", 1, MaxWeight) ?? 1;
        if (lists.Count > 0 && lists.Where(list => !list.IsAllow).Sum(list => Math.Max(list.Weight, 0)) < threshold)
            reader.Error($"the weights of all lists together are below the threshold of {threshold}, so nobody would ever be refused: lower \"threshold\"");
        return new(lists, threshold);
    }

    private static List<AddressList> Lists(JsonObjectReader reader)
    {
        var lists = new List<AddressList>();
        if (reader["lists"] is not { Kind: JsonTokenType.StartArray, Items.Count: > 0 and <= MaxLists } value)
        {
            if (reader.IsObject)
                reader.Error($"\"lists\" must name 1 to {MaxLists} lists");
            return lists;
        }
        foreach (var item in value.Items)
            if ((item.Kind == JsonTokenType.String ? OfZone(reader, item, item.Text) : OfObject(reader, item)) is { } list)
                lists.Add(list);
        foreach (var twice in lists.GroupBy(list => (list.Zone, list.IsAllow)).Where(same => same.Count() > 1 && same.Any(list => list.Answers is null)))
            reader.Error(value, $"\"{twice.Key.Zone}\" appears twice: delete one of the two, or give them different \"answers\"");
        return lists;
    }

    private static AddressList? OfObject(JsonObjectReader lists, JsonValue value)
    {
        var reader = lists.Inner(value, ListKeys);
        if (!reader.IsObject)
            return null;
        if (reader["zone"] is null)
            reader.Error("\"zone\" is missing: write the domain of the list");
        var answers = OptionValues.Networks(reader, "answers");
        foreach (var answer in answers)
            if (answer.PrefixLength < 8 || ListValue.WhyNeverAnEntry(answer.BaseAddress) is not null)
                reader.Error(reader["answers"]!, $"{Shown(answer)} is not allowed; use addresses in 127.0.0.0/8, but not 127.0.0.1 and not 127.255.255.0/24");
        var (allows, weight) = (OptionValues.Flag(reader, "allow"), OptionValues.Number(reader, "weight", -MaxWeight, MaxWeight));
        if (allows && weight is not null)
            reader.Error(reader["weight"]!, "a list with \"allow\" has no weight, because every client on it is accepted: delete \"weight\"");
        return reader.Text("zone") is { } zone
            ? OfZone(reader, reader["zone"]!, zone) is { } list ? list with { Weight = weight ?? 1, IsAllow = allows, Answers = OrNull(answers) } : null
            : null;
    }

    private static AddressList? OfZone(JsonObjectReader reader, JsonValue at, string zone)
    {
        // An IPv6 address takes 64 octets of the name.
        if (DomainName.TryParse(zone, out var name) && !name.IsRoot && ReverseName.Below(name, IPAddress.IPv6Any) is not null)
            return new(name);
        reader.Error(at, $"\"{zone}\" is not allowed; use the domain of a list such as bl.example.org");
        return null;
    }

    private static string Shown(IPNetwork answer) => answer.PrefixLength == 32 ? answer.BaseAddress.ToString() : answer.ToString();

    private static IReadOnlyList<IPNetwork>? OrNull(IReadOnlyList<IPNetwork> answers) => answers.Count > 0 ? answers : null;
}
