using System.Net;
using System.Text;
using MimeKit.Utils;

namespace Gateway.Server.Checking;

/// <summary>One Received field (RFC 5321 §4.4): a server that took the message, and from whom.</summary>
/// <param name="From">What the client said after HELO or EHLO; null when the field does not say.</param>
/// <param name="ClientName">The name that the server found for the client; null when it does not say one.</param>
/// <param name="Address">The client's address; null when the field does not say.</param>
/// <param name="By">The server that wrote the field.</param>
/// <param name="With">The protocol, such as ESMTPS.</param>
/// <param name="Date">When it took the message; null when that cannot be read.</param>
internal sealed record ReceivedHop(string? From, string? ClientName, IPAddress? Address, string? By, string? With, DateTimeOffset? Date)
{
    public static ReceivedHop Parse(string field)
    {
        // RFC 5322 §3.6.7: what follows the last semicolon is the date.
        var semicolon = field.LastIndexOf(';');
        var date = semicolon >= 0 && DateUtils.TryParse(field[(semicolon + 1)..].Trim(), out var parsed) ? parsed : (DateTimeOffset?)null;
        var (words, comments) = Parted(semicolon >= 0 ? field[..semicolon] : field);
        var from = After("from");
        // "from HELO (NAME [ADDRESS])", and some servers write "from HELO ([ADDRESS])", "from [ADDRESS]" or "from NAME (HELO x) (ADDRESS)".
        var by = words.FindIndex(static word => Is(word, "by"));
        var behindFrom = string.Join(' ', comments.Where(comment => by < 0 || comment.Before <= by).Select(static comment => comment.Text));
        var name = behindFrom.Split([' ', '[', '('], StringSplitOptions.RemoveEmptyEntries).Select(static word => word.TrimEnd('.')).FirstOrDefault(IsHostName);
        return new(from, name, AddressIn(behindFrom) ?? AddressIn(from), After("by"), After("with"), date);

        string? After(string keyword)
        {
            var at = words.FindIndex(word => Is(word, keyword));
            return at >= 0 && at + 1 < words.Count ? words[at + 1] : null;
        }
    }

    // "TLSv1.3" and "192.0.2.1]" have dots, too.
    private static bool IsHostName(string word) =>
        word.Contains('.') && char.IsAsciiLetter(word[^1]) && word.All(static character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-');

    private static bool Is(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>The words outside of comments, and each comment with the number of words before it (RFC 5322 §3.2.2: comments nest).</summary>
    private static (List<string> Words, List<(int Before, string Text)> Comments) Parted(string text)
    {
        var (words, comments) = (new List<string>(), new List<(int, string)>());
        var (word, comment, depth) = (new StringBuilder(), new StringBuilder(), 0);
        foreach (var character in text + " ")
            switch (character)
            {
                case '(':
                    EndWord();
                    if (depth++ > 0)
                        comment.Append(character);
                    break;
                case ')' when depth > 0:
                    if (--depth > 0)
                        comment.Append(character);
                    else
                    {
                        comments.Add((words.Count, comment.ToString().Trim()));
                        comment.Clear();
                    }
                    break;
                case ' ' or '\t' or '\r' or '\n' when depth == 0:
                    EndWord();
                    break;
                default:
                    (depth > 0 ? comment : word).Append(character);
                    break;
            }
        return (words, comments);

        void EndWord()
        {
            if (depth > 0 || word.Length == 0)
                return;
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private static IPAddress? AddressIn(string? text)
    {
        if (text is null)
            return null;
        // RFC 5321 §4.1.3: [192.0.2.1] and [IPv6:2001:db8::1]; outside of brackets only a whole word is an address.
        for (var open = text.IndexOf('['); open >= 0; open = text.IndexOf('[', open + 1))
            if (text.IndexOf(']', open) is var close and > 0 && Parsed(text[(open + 1)..close]) is { } literal)
                return literal;
        return text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(Parsed).FirstOrDefault(static address => address is not null);
    }

    private static IPAddress? Parsed(string text)
    {
        var bare = text.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase) ? text[5..] : text;
        return bare.Contains('.') || bare.Contains(':') ? IPAddress.TryParse(bare, out var address) ? address : null : null;
    }
}
