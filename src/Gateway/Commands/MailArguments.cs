using System.CommandLine.Parsing;
using Gateway.Smtp;

namespace Gateway.Commands;

/// <summary>Reads the values that several commands share. The error for a wrong value says what to type instead.</summary>
internal static class MailArguments
{
    public static Helo? Helo(ArgumentResult result)
    {
        if (Gateway.Smtp.Helo.TryParse(result.Tokens[0].Value, isExtended: true, out var helo))
            return helo;
        result.AddError($"--helo \"{result.Tokens[0].Value}\" cannot stand in EHLO: type a host name such as mail.example.com, or an address such as [192.0.2.1]");
        return null;
    }

    public static ReversePath? From(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (ReversePath.TryParse(Bracketed(text), out var path) && (path.Mailbox is not null || text == "<>"))
            return path;
        result.AddError($"--from \"{text}\" is not a sender address: type one such as user@example.com, or \"<>\" for none");
        return null;
    }

    /// <summary>Null if the text is not a recipient.</summary>
    public static ForwardPath? Recipient(string text) => ForwardPath.TryParse(Bracketed(text), out var path) ? path : null;

    private static string Bracketed(string text) => text.StartsWith('<') ? text : $"<{text}>";
}
