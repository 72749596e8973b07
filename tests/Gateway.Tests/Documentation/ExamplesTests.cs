using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Commands;
using Gateway.Server.Configuration;
using Gateway.Tests.Commands;

namespace Gateway.Tests.Documentation;

/// <summary>What the pages tell people to type and to write works as it stands.</summary>
public sealed partial class ExamplesTests : IDisposable
{
    // Where an example shows a part of a configuration, this is the rest.
    private const string Rest = """
        "Relay": { "AcceptedDomains": [ "example.com" ] },
        "SmartHosts": [ { "Host": "10.0.0.5" } ],
        "Tls": { "CertificateFile": "/etc/gateway/mx.pem", "KeyFile": "/etc/gateway/mx.key" },
        "Users": { "File": "/etc/gateway/users" }
        """;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_configuration_in_the_pages_is_right()
    {
        // The files that the examples name.
        using var authority = new TestAuthority();
        var (certificate, key) = authority.Issue("mx.example.com");
        _folder.Write("mx.pem", certificate.ExportCertificatePem());
        _folder.Write("mx.key", key);
        _folder.Write("company-ca.pem", authority.Pem);
        _folder.Write("users", "");
        certificate.Dispose();

        var checkedOnes = 0;
        foreach (var block in Pages.Blocks.Where(block => block.Language == "json"))
        {
            foreach (var configuration in ConfigurationsIn(block))
            {
                var text = configuration.Replace("/etc/gateway/", _folder.Path.Replace('\\', '/') + '/', StringComparison.Ordinal)
                    .Replace("/var/lib/gateway/", _folder.Path.Replace('\\', '/') + '/', StringComparison.Ordinal);
                var (code, output, error) = await CommandRun.RunAsync("config", "check", "--config", _folder.Write("gateway.json", text));
                Assert.True(code == 0 && !output.Contains("Warning", StringComparison.Ordinal), $"{block}: {output}{error}");
                checkedOnes++;
            }
        }
        Assert.True(checkedOnes > 10, "the pages have hardly any configuration");
    }

    [Fact]
    public void Every_command_in_the_pages_exists_with_its_options()
    {
        var root = GatewayCommand.Root();
        var lines = Pages.Blocks.SelectMany(block => TypedIn(block).Select(line => (block, line))).Where(typed => CommandPattern().IsMatch(typed.line)).ToList();

        Assert.True(lines.Count > 50, "the pages have hardly any command");
        Assert.All(lines, typed =>
        {
            var parsed = root.Parse(CommandPattern().Replace(typed.line, ""));
            Assert.True(parsed.UnmatchedTokens.Count == 0, $"{typed.block}: {typed.line}: no such word: {string.Join(' ', parsed.UnmatchedTokens)}");
            Assert.True(parsed.CommandResult.Command != root, $"{typed.block}: {typed.line}: no command");
        });
    }

    // Where a block shows a prompt, the lines without one are output.
    private static IEnumerable<string> TypedIn(CodeBlock block)
    {
        var lines = ContinuationPattern().Replace(block.Text, " ").Split('\n');
        return lines.Any(IsPrompt) ? lines.Where(IsPrompt) : lines;
    }

    private static bool IsPrompt(string line) => line.StartsWith("$ ", StringComparison.Ordinal);

    // A block holds a whole configuration, some sections of one, smart hosts (one on each line), or something else: a profile, a check, log lines.
    private static IEnumerable<string> ConfigurationsIn(CodeBlock block)
    {
        if (block.Text.StartsWith("{ \"Host\"", StringComparison.Ordinal))
        {
            foreach (var host in block.Text.Split('\n'))
                yield return $"{{ \"Relay\": {{ \"AcceptedDomains\": [ \"example.com\" ] }}, \"SmartHosts\": [ {host} ] }}";
            yield break;
        }
        var isWhole = block.Text.StartsWith('{');
        var keys = KeysOf(block, isWhole ? block.Text : $"{{{block.Text}}}");
        if (!keys.Any(GatewayOptionsReader.Sections.Contains))
            yield break;
        yield return isWhole ? block.Text : $"{{ {string.Join(",\n", [block.Text.TrimEnd().TrimEnd(','), .. MissingIn(keys)])} }}";
    }

    private static IEnumerable<string> MissingIn(IReadOnlyList<string> keys) =>
        Rest.ReplaceLineEndings("\n").Split(",\n").Where(section => !keys.Any(key => section.TrimStart().StartsWith($"\"{key}\"", StringComparison.Ordinal)));

    private static List<string> KeysOf(CodeBlock block, string text)
    {
        if (block.Text.StartsWith("{\"time\":", StringComparison.Ordinal))
            return [];
        try
        {
            using var document = JsonDocument.Parse(text, Lenient);
            return [.. document.RootElement.EnumerateObject().Select(property => property.Name)];
        }
        catch (JsonException mistake)
        {
            throw new FormatException($"{block}: this is no JSON: {mistake.Message}", mistake);
        }
    }

    // "gateway" at the beginning of a line, perhaps behind a prompt. A line with [ or … is a form to fill in, and CAPITALS stand for a word.
    [GeneratedRegex(@"^(?:\$ )?(?:dotnet run --project src/Gateway -- |(?:artifacts/gateway/|/opt/gateway/)?gateway )(?=[a-z][^\[\]…|]*$)")]
    private static partial Regex CommandPattern();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex ContinuationPattern();
}
