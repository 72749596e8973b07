using System.Globalization;

namespace Gateway.Lab.Exchange;

/// <summary>A recipient in a non-delivery report.</summary>
/// <param name="Recipient">The mailbox, without angle brackets.</param>
/// <param name="Sentence">What Outlook shows for the code.</param>
/// <param name="Code">The code of RFC 3463.</param>
/// <param name="Diagnostic">The last line: the server that reports, the code, and perhaps the other server's reply.</param>
public sealed record UnreachedRecipient(string Recipient, string Sentence, string Code, string Diagnostic);

/// <summary>What the sender of a message reads when it did not arrive, as Exchange 2003 writes and Outlook shows it.</summary>
/// <param name="To">The return address.</param>
/// <param name="Subject">Of the message.</param>
/// <param name="Date">When it was sent, and when it failed.</param>
/// <param name="Recipients">Those that it did not reach.</param>
/// <param name="Origins">Where its parts come from.</param>
public sealed record NonDeliveryReport(
    string To, string Subject, DateTimeOffset Date, IReadOnlyList<UnreachedRecipient> Recipients, IReadOnlyList<string> Origins)
{
    /// <summary>Line by line, as KB300171 prints it.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var date = Date.ToString("M/d/yy h:mm tt", CultureInfo.InvariantCulture);
            var lines = new List<string>
            {
                "Your message did not reach some or all of the intended recipients.",
                "",
                $"  Subject:  {Subject}".TrimEnd(),
                $"  Sent:     {date}",
                "",
                "The following recipient(s) could not be reached:",
            };
            foreach (var recipient in Recipients)
                lines.AddRange(["", $"  {recipient.Recipient} on {date}", $"    {recipient.Sentence}", $"    {recipient.Diagnostic}"]);
            return lines;
        }
    }
}
