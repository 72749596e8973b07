using System.Text.Json;

namespace Gateway.Tests.Checking;

/// <summary>The document that scripts rely on: docs/check.md describes these keys.</summary>
public sealed class ReportJsonTests
{
    private static readonly string[] Keys =
        ["address", "answer", "private", "helo", "from", "to", "iprev", "trail", "findings", "receivers", "standing", "advice",
            "host", "others", "names", "lists"];

    [Fact]
    public async Task The_document_has_the_keys_that_the_documentation_describes()
    {
        await using var dns = await CheckedDns.StartAsync("76.61.54.209.in-addr.arpa nxdomain");

        var root = await DocumentAsync(dns, 1, "209.54.61.76", "--from", "user@source.com", "--profile", "ptr,observe,aol-2006",
            "--assume", "other.source.com. A 192.0.2.1");

        Assert.Equal(["servers", "assumed", "receivers", "addresses", "exitCode"], KeysOf(root));
        Assert.Equal(1, root.GetProperty("exitCode").GetInt32());
        Assert.Equal(dns.EndPoint.ToString(), root.GetProperty("servers")[0].GetString());
        Assert.Equal("other.source.com A 192.0.2.1", root.GetProperty("assumed")[0].GetString());
        var report = Assert.Single(root.GetProperty("addresses").EnumerateArray());
        Assert.Equal(Keys, KeysOf(report));
        Assert.Equal("refused", report.GetProperty("answer").GetString());
        Assert.Equal("permerror", report.GetProperty("iprev").GetProperty("result").GetString());

        var step = report.GetProperty("trail")[0];
        Assert.Equal(["name", "type", "status", "answer", "assumed", "milliseconds"], KeysOf(step));
        Assert.Equal(("76.61.54.209.in-addr.arpa", "PTR", "nameerror"),
            (step.GetProperty("name").GetString(), step.GetProperty("type").GetString(), step.GetProperty("status").GetString()));

        var finding = report.GetProperty("findings").EnumerateArray().First(one => one.GetProperty("check").GetString() == "require-ptr");
        Assert.Equal(["check", "answer", "reasonId", "reason"], KeysOf(finding));
        Assert.Equal("fails", finding.GetProperty("answer").GetString());

        var receivers = report.GetProperty("receivers").EnumerateArray().ToDictionary(one => one.GetProperty("profile").GetString()!);
        Assert.Equal(["profile", "answer", "stage", "code", "status", "words", "text", "check", "reasonId", "group"], KeysOf(receivers["ptr"]));
        Assert.Equal(("refuse", "recipient", 550, "5.7.25"), (receivers["ptr"].GetProperty("answer").GetString(), receivers["ptr"].GetProperty("stage").GetString(),
            receivers["ptr"].GetProperty("code").GetInt32(), receivers["ptr"].GetProperty("status").GetString()));
        Assert.Equal(("own", "past"), (receivers["ptr"].GetProperty("group").GetString(), receivers["aol-2006"].GetProperty("group").GetString()));
        Assert.Equal("connect", receivers["aol-2006"].GetProperty("stage").GetString());
        Assert.Equal("abridged", receivers["aol-2006"].GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, receivers["observe"].GetProperty("stage").ValueKind);

        var advice = Assert.Single(report.GetProperty("advice").EnumerateArray());
        Assert.Equal(["record", "publisher", "reason"], KeysOf(advice));
        Assert.Equal("76.61.54.209.in-addr.arpa. PTR mail.source.com.", advice.GetProperty("record").GetString());
    }

    [Fact]
    public async Task Several_addresses_are_one_document()
    {
        await using var dns = await CheckedDns.StartAsync();
        var addresses = Enumerable.Range(1, 40).Select(number => $"198.51.100.{number}").ToList();

        var root = await DocumentAsync(dns, 1, [.. addresses, "--profile", "ptr"]);

        Assert.Equal(addresses, root.GetProperty("addresses").EnumerateArray().Select(one => one.GetProperty("address").GetString()));
    }

    private static IEnumerable<string> KeysOf(JsonElement element) => element.EnumerateObject().Select(property => property.Name);

    private static async Task<JsonElement> DocumentAsync(CheckedDns dns, int expectedCode, params string[] arguments)
    {
        var (code, output, error) = await dns.CheckAsync([.. arguments, "--json"]);
        Assert.Equal((expectedCode, ""), (code, error));
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }
}
