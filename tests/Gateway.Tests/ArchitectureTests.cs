using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests;

/// <summary>The walls that no compiler holds: the direction between the program's rooms.</summary>
public sealed partial class ArchitectureTests
{
    // Each room may use those behind the arrow, and theirs.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Users"] = [],
        ["Configuration"] = ["Users"],
        ["Inbound"] = ["Configuration", "Users"],
        ["Relay"] = ["Configuration", "Inbound"],
        ["Web"] = ["Configuration", "Inbound"],
        ["Journal"] = ["Configuration", "Inbound"],
        ["Hosting"] = ["Configuration", "Inbound", "Relay", "Journal", "Web", "Users"],
        ["Lab"] = ["Configuration", "Inbound", "Relay", "Journal", "Hosting", "Users"],
        ["Cli"] = ["Configuration", "Inbound", "Relay", "Journal", "Lab", "Hosting", "Users"],
    };

    [GeneratedRegex(@"^using Gateway\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Usings();

    [Fact]
    public void Rooms_of_the_program_use_only_what_lies_behind_them()
    {
        var program = Path.Combine(Repository.Root, "src", "Gateway");
        var wrong =
            from file in Directory.EnumerateFiles(program, "*.cs", SearchOption.AllDirectories)
            let room = Path.GetRelativePath(program, file).Split(Path.DirectorySeparatorChar)[0]
            where room is not ("bin" or "obj" or "Program.cs")
            from Match match in Usings().Matches(File.ReadAllText(file))
            let used = match.Groups[1].Value
            where used is not ("Dns" or "Smtp" or "Policy") && used != room && !Allowed[room].Contains(used)
            select $"{Path.GetRelativePath(program, file)} uses {used}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_of_the_program_is_a_known_room()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", "Gateway")).Select(Path.GetFileName);
        Assert.Equal(Allowed.Keys.Order(), folders.Except(["bin", "obj"]).Order());
    }

    [Fact]
    public void Log_events_have_ids_of_their_own()
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;
        var types = typeof(Gateway.Inbound.SessionRecord).Assembly.GetTypes();
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
    public void The_three_libraries_know_only_what_they_may(string library, string references)
    {
        var project = File.ReadAllText(Path.Combine(Repository.Root, "src", library, $"{library}.csproj"));
        var used = ReferencePattern().Matches(project).Select(match => match.Groups[1].Value).Order();
        Assert.Equal(references.Split(' ', StringSplitOptions.RemoveEmptyEntries), used);
        Assert.DoesNotContain("PackageReference", project, StringComparison.Ordinal);
        Assert.DoesNotContain("FrameworkReference", project, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"ProjectReference Include=""[^""]*/([\w.]+)\.csproj""")]
    private static partial Regex ReferencePattern();
}
