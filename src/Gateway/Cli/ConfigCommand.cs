using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Configuration;
using Gateway.Dns;
using Gateway.Inbound;
using Gateway.Policy;
using Gateway.Smtp;

namespace Gateway.Cli;

/// <summary><c>gateway config check</c> and <c>show</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var check = new Command("check", "Says what is wrong with a configuration, all of it at once.") { Commands.Config, Commands.Settings };
        check.SetAction(Check);
        var show = new Command("show", "Prints the configuration in force, defaults and overrides included.") { Commands.Config, Commands.Settings };
        show.SetAction(Show);
        return new Command("config", "Checks or shows a configuration.") { check, show };
    }

    private static int Check(ParseResult parsed)
    {
        var options = Commands.LoadConfiguration(parsed);
        parsed.InvocationConfiguration.Output.WriteLine(
            $"The configuration is right: {Count(options.Listeners.Count, "listener")}, {Count(options.Relay.AcceptedDomains.Count, "accepted domain")}, {Count(options.SmartHosts.Count, "smart host")}.");
        foreach (var warning in options.Warnings)
            parsed.InvocationConfiguration.Output.WriteLine($"Warning: {warning}.");
        return ExitCode.Fine;
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(),
            new TextConverter<IPEndPoint>(static endpoint => endpoint.ToString()),
            new TextConverter<IPNetwork>(static network => network.ToString()),
            new TextConverter<TimeSpan>(static span => span.ToString("c", CultureInfo.InvariantCulture)),
            new TextConverter<DomainName>(static name => name.ToString()),
            new TextConverter<RecipientProfileOptions>(static profiles => profiles.Domain),
            new TextConverter<PublicKeyPin>(static pin => pin.ToString()),
            new TextConverter<Profile>(static profile => profile.Name),
        },
    };

    private static int Show(ParseResult parsed)
    {
        var options = Commands.LoadConfiguration(parsed);
        var shown = options with { SmartHosts = [.. options.SmartHosts.Select(host => host with { Password = host.Password is null ? null : "(hidden)" })] };
        parsed.InvocationConfiguration.Output.WriteLine(SafeText.VisibleJson(JsonSerializer.Serialize(shown, Json)));
        return ExitCode.Fine;
    }

    private sealed class TextConverter<T>(Func<T, string> text) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(text(value));
    }
}
