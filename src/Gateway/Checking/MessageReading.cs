using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Commands;
using Gateway.Server.Checking;

namespace Gateway.Checking;

/// <summary><c>gateway check --message FILE</c>: reads the header of a message, and shows which server to check.</summary>
internal static class MessageReading
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> RunAsync(string file, bool isJson, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        MessageFacts message;
        try
        {
            await using var stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            message = await MessageFacts.ReadAsync(stream, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"gateway: --message: {unreadable.Message}");
            return ExitCode.WrongUse;
        }
        catch (FormatException wrong)
        {
            await error.WriteLineAsync($"gateway: --message {file}: {wrong.Message}");
            return ExitCode.WrongUse;
        }
        if (isJson)
            await output.WriteLineAsync(JsonSerializer.Serialize(new { Message = MessageDocument.Of(message), ExitCode = ExitCode.Fine }, Options));
        else
            MessageView.Write(Terminal.Create(output), message);
        return ExitCode.Fine;
    }
}
