using System.Reflection;
using System.Text.RegularExpressions;
using Gateway.Server.Inbound;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests;

/// <summary>The walls that no compiler holds: the direction between the rooms of the product.</summary>
public sealed partial class ArchitectureTests
{
    // Each room may use those behind the arrow, and theirs.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Users"] = [],
        ["Configuration"] = ["Users"],
        ["Inbound"] = ["Configuration", "Users"],
        ["Delivery"] = ["Configuration", "Inbound"],
        ["Web"] = ["Inbound"],
        ["Journal"] = ["Configuration", "Inbound"],
        ["Checking"] = ["Configuration", "Inbound"],
        ["Hosting"] = ["Configuration", "Inbound", "Delivery", "Journal", "Web", "Users"],
    };

    private static readonly string Product = Path.Combine(Repository.Root, "src", "Gateway.Server");

    [GeneratedRegex(@"^using Gateway\.Server\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [Fact]
    public void Rooms_of_the_product_use_only_what_lies_behind_them()
    {
        var wrong =
            from file in Directory.EnumerateFiles(Product, "*.cs", SearchOption.AllDirectories)
            let room = Path.GetRelativePath(Product, file).Split(Path.DirectorySeparatorChar)[0]
            where room is not ("bin" or "obj")
            from Match match in Usings().Matches(File.ReadAllText(file))
            let used = match.Groups[1].Value
            where used != room && !Allowed[room].Contains(used)
            select $"{Path.GetRelativePath(Product, file)} uses {used}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_of_the_product_is_a_known_room()
    {
        var folders = Directory.EnumerateDirectories(Product).Select(Path.GetFileName);
        Assert.Equal(Allowed.Keys.Order(), folders.Except(["bin", "obj"]).Order());
    }

    [Fact]
    public void Log_events_have_ids_of_their_own()
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;
        var types = typeof(SessionRecord).Assembly.GetTypes();
        var generated = types.SelectMany(static type => type.GetMethods(All))
            .Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Select(static message => message.EventId);
        var written = types.SelectMany(static type => type.GetFields(All))
            .Where(static field => field.FieldType == typeof(EventId) && !field.DeclaringType!.ContainsGenericParameters)
            .Select(static field => ((EventId)field.GetValue(null)!).Id);
        var ids = generated.Concat(written).ToList();
        Assert.Contains(9100, ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("Gateway.Dns", "")]
    [InlineData("Gateway.Smtp", "")]
    [InlineData("Gateway.Policy", "Gateway.Dns Gateway.Smtp")]
    [InlineData("Gateway.Server", "Gateway.Dns Gateway.Policy Gateway.Smtp")]
    [InlineData("Gateway.Lab", "Gateway.Server")]
    [InlineData("Gateway", "Gateway.Lab")]
    public void A_project_refers_only_to_those_that_it_may_know(string library, string references)
    {
        var project = File.ReadAllText(Path.Combine(Repository.Root, "src", library, $"{library}.csproj"));
        var used = ReferencePattern().Matches(project).Select(match => match.Groups[1].Value).Order();
        Assert.Equal(references.Split(' ', StringSplitOptions.RemoveEmptyEntries), used);
    }

    [Theory]
    [InlineData("Gateway.Dns")]
    [InlineData("Gateway.Smtp")]
    [InlineData("Gateway.Policy")]
    public void Dns_smtp_and_policy_need_nothing_but_the_runtime(string library)
    {
        var project = File.ReadAllText(Path.Combine(Repository.Root, "src", library, $"{library}.csproj"));
        Assert.DoesNotContain("PackageReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("FrameworkReference", project, StringComparison.Ordinal);
    }

    [Fact]
    public void The_product_knows_no_console() =>
        Assert.DoesNotContain("Spectre", File.ReadAllText(Path.Combine(Product, "Gateway.Server.csproj")), StringComparison.Ordinal);

    // The relay, recipient checks, gateway send, gateway check --probe and conversations are dialogues over the one connection.
    [Theory]
    [InlineData("AuthenticateAsClientAsync", "the TLS handshake of a client")]
    [InlineData("new ReplyReader()", "the reader of replies")]
    public void Only_the_SMTP_client_core_talks_to_servers(string mechanism, string what)
    {
        var users =
            from folder in new[] { "Gateway.Smtp", "Gateway.Policy", "Gateway.Server", "Gateway.Lab", "Gateway" }
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", folder), "*.cs", SearchOption.AllDirectories)
            where File.ReadAllText(file).Contains(mechanism, StringComparison.Ordinal)
            select Path.GetRelativePath(Path.Combine(Repository.Root, "src"), file);
        Assert.True(users.All(static file => file.StartsWith(Path.Combine("Gateway.Smtp", "Client"), StringComparison.Ordinal)), what);
    }

    [GeneratedRegex(@"ProjectReference Include=""[^""]*/([\w.]+)\.csproj""")]
    private static partial Regex ReferencePattern();
}
