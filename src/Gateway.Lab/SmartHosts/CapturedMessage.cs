using System.Text;
using Gateway.Smtp;

namespace Gateway.Lab.SmartHosts;

/// <summary>A message that the lab's smart host accepted.</summary>
/// <param name="Envelope">The envelope that the gateway sent.</param>
/// <param name="Content">Every octet as it arrived.</param>
public sealed record CapturedMessage(Envelope Envelope, ReadOnlyMemory<byte> Content)
{
    /// <summary><c>&lt;from&gt; &lt;to&gt; …</c>.</summary>
    public string EnvelopeText => string.Join(' ', [Envelope.Sender.ToString(), .. Envelope.Recipients.Select(to => to.ToString())]);

    /// <summary>The lines; those of the header unfolded (RFC 5322 §2.2.3: the CRLF goes, the white space stays).</summary>
    public IReadOnlyList<string> UnfoldedLines
    {
        get
        {
            var lines = new List<string>();
            var inHeader = true;
            foreach (var line in Encoding.UTF8.GetString(Content.Span).Split("\r\n"))
            {
                if (inHeader && lines.Count > 0 && line is [' ' or '\t', ..])
                    lines[^1] += line;
                else
                    lines.Add(line);
                inHeader &= line.Length > 0;
            }
            return lines;
        }
    }
}
