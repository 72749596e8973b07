using System.CommandLine.Parsing;
using Gateway.Smtp;

namespace Gateway.Commands;

/// <summary>Reads what several commands are told of a mail; a mistake says what to type instead.</summary>
internal static class MailArguments
{
    public static Helo? Helo(ArgumentResult result)
    {
        if (Gateway.Smtp.Helo.TryParse(result.Tokens[0].Value, isExtended: true, out var helo))
            return helo;
        result.AddError($"--helo wants what stands after EHLO, such as mail.example.com or [192.0.2.1], not \"{result.Tokens[0].Value}\"");
        return null;
    }

    public static ReversePath? From(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (ReversePath.TryParse(Bracketed(text), out var path) && (path.Mailbox is not null || text == "<>"))
            return path;
        result.AddError($"--from wants a return address such as user@example.com (or \"<>\"), not \"{text}\"");
        return null;
    }

    /// <summary>Null when it is none.</summary>
    public static ForwardPath? Recipient(string text) => ForwardPath.TryParse(Bracketed(text), out var path) ? path : null;

    private static string Bracketed(string text) => text.StartsWith('<') ? text : $"<{text}>";
}
