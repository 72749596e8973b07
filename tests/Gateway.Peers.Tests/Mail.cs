using MimeKit;
using MimeKit.Text;

namespace Gateway.Peers.Tests;

/// <summary>Messages as MimeKit composes them.</summary>
internal static class Mail
{
    /// <summary>A text without anything that needs an extension.</summary>
    public const string Text = "hello\n.\n..two dots\n\n.one dot\nend\n";

    public static MimeMessage Of(string text = Text, string sender = "ann@example.org", params string[] recipients)
    {
        var message = new MimeMessage { Subject = "from a peer", Body = new TextPart(TextFormat.Plain) { Text = text } };
        message.From.Add(Address(sender));
        message.To.AddRange((recipients is [] ? ["bob@gateway.test"] : recipients).Select(Address));
        return message;
    }

    public static MailboxAddress Address(string address) => new("", address);

    /// <summary>The octets that MailKit sends: lines end with CRLF, and the last one does, too.</summary>
    public static byte[] Octets(this MimeMessage message, FormatOptions? format = null)
    {
        format = (format ?? FormatOptions.Default).Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        using var stream = new MemoryStream();
        message.WriteTo(format, stream, TestContext.Current.CancellationToken);
        return stream.ToArray();
    }

    public static Task<string> SendAsync(this MailKitClient client, MimeMessage message) =>
        client.Smtp.SendAsync(message, TestContext.Current.CancellationToken);
}
