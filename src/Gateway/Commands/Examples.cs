using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Gateway.Commands;

/// <summary>The examples at the end of each command's help.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string[]> OfCommands = new(StringComparer.Ordinal)
    {
        ["gateway"] = ["gateway lab", "gateway check 203.0.113.5 --helo mail.example.com --from user@example.com"],
        ["gateway run"] = ["gateway run", "gateway run --config gateway.json --set Listeners:0:Endpoint=0.0.0.0:2525"],
        ["gateway lab"] = ["gateway lab", "gateway lab --scenario kb300171"],
        ["gateway play"] = ["gateway play no-ptr.smtp", "gateway play conversations --to mail.example.com:25"],
        ["gateway check"] =
        [
            "gateway check 203.0.113.5 --helo mail.example.com --from user@example.com",
            "gateway check 203.0.113.5 --assume \"5.113.0.203.in-addr.arpa. PTR mail.example.com.\"",
        ],
        ["gateway config"] = ["gateway config check", "gateway config show"],
        ["gateway config check"] = ["gateway config check", "gateway config check --config gateway.json"],
        ["gateway config show"] = ["gateway config show", "gateway config show --config gateway.json --set Limits:Connections=500"],
        ["gateway profiles"] = ["gateway profiles", "gateway profiles aol-2006"],
        ["gateway send"] =
        [
            "gateway send --rcpt someone@example.com",
            "gateway send --to mx.example.com:25 --client 203.0.113.5 --rcpt someone@example.com",
        ],
        ["gateway user"] = ["gateway user add scanner", "gateway user list"],
        ["gateway user add"] = ["gateway user add scanner", "gateway user add ann@example.com --generate --file users.txt"],
        ["gateway user remove"] = ["gateway user remove scanner", "gateway user remove ann@example.com --file users.txt"],
        ["gateway user list"] = ["gateway user list", "gateway user list --file users.txt"],
        ["gateway explain"] = ["gateway explain 01KK1A2B3C4D5", "gateway explain 01KK1A2B3C4D5 --journal journal.db --json"],
        ["gateway stats"] = ["gateway stats --since 7d", "gateway stats --since 7d --profile strict"],
        ["gateway health"] = ["gateway health --endpoint 127.0.0.1:2525", "gateway health --ready --config gateway.json"],
        ["gateway help"] = ["gateway help", "gateway help config check"],
    };

    /// <summary>The examples of a command.</summary>
    /// <exception cref="KeyNotFoundException">The command has no examples.</exception>
    public static IReadOnlyList<string> Of(Command command) => OfCommands[PathOf(command)];

    /// <summary>The words that call a command, such as <c>gateway config check</c>.</summary>
    public static string PathOf(Command command) => string.Join(' ', Words(command));

    private static IEnumerable<string> Words(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? [.. Words(parent), command.Name] : ["gateway"];

    /// <summary>Adds the examples of a command to the end of its help.</summary>
    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Show this help";
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in Of(parseResult.CommandResult.Command))
                output.WriteLine($"  {example}");
            return code;
        }
    }
}
