using System.Text;

namespace Gateway.Smtp.Tests.Client;

/// <summary>
/// A server that says what the test tells it to. It is fed octets and answers them at once; what it got can be looked at.
/// </summary>
internal sealed class FakeServer
{
    private readonly List<byte> _pending = [];
    private bool _isInData;
    private bool _isHung;

    public string Greeting { get; set; } = "220 fake ESMTP";

    /// <summary>The keywords in the reply to EHLO.</summary>
    public List<string> Keywords { get; } = ["PIPELINING", "SIZE 1000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];

    /// <summary>Replies other than the usual, by the start of the command; each is used up. "." is the end of data.</summary>
    public List<(string Command, string Reply)> Answers { get; } = [];

    /// <summary>The end comes instead of an answer to the command that begins so ("." for the end of data).</summary>
    public string? ClosesAt { get; set; }

    /// <summary>No answer to the command that begins so, nor to any after it.</summary>
    public string? HangsAt { get; set; }

    public List<string> Commands { get; } = [];

    /// <summary>What arrived behind DATA, as it stood on the wire without the end-of-data line.</summary>
    public List<byte[]> Messages { get; } = [];

    public bool StartsTls { get; private set; }

    public bool HasClosed { get; private set; }

    public IEnumerable<string> Texts => Messages.Select(Encoding.Latin1.GetString);

    /// <summary>Takes octets and returns what it says to them.</summary>
    public byte[] Receive(ReadOnlySpan<byte> octets)
    {
        var said = new StringBuilder();
        if (!HasClosed)
            _pending.AddRange(octets);
        while (!HasClosed && TryTake(out var answer))
            said.Append(answer);
        return Encoding.Latin1.GetBytes(said.ToString());
    }

    public void ForgetTls() => StartsTls = false;

    private bool TryTake(out string answer)
    {
        answer = "";
        var all = _pending.ToArray().AsSpan();
        var end = _isInData ? all.IndexOf("\r\n.\r\n"u8) : all.IndexOf("\r\n"u8);
        if (_isInData && all.StartsWith(".\r\n"u8))
            end = -2;
        else if (end < 0)
            return false;
        if (_isInData)
        {
            Messages.Add(all[..(end + 2)].ToArray());
            _pending.RemoveRange(0, end + 5);
            _isInData = false;
            answer = Answer(".", "250 2.0.0 Taken");
            return true;
        }
        var command = Encoding.UTF8.GetString(all[..end]);
        _pending.RemoveRange(0, end + 2);
        Commands.Add(command);
        answer = Answer(command, Usual(command));
        _isInData = command == "DATA" && answer.StartsWith("354", StringComparison.Ordinal);
        StartsTls = command == "STARTTLS" && answer.StartsWith("220", StringComparison.Ordinal);
        return true;
    }

    private string Usual(string command)
    {
        switch (command.Split(' ')[0])
        {
            case "EHLO":
                return string.Join("\r\n", Keywords.Select((keyword, i) => (i == Keywords.Count - 1 ? "250 " : "250-") + keyword).Prepend("250-fake"));
            case "STARTTLS":
                return "220 2.0.0 Go";
            case "DATA":
                return "354 Go";
            case "QUIT":
                return "221 2.0.0 Bye";
            default:
                return "250 2.0.0 OK";
        }
    }

    private string Answer(string command, string usual)
    {
        if (ClosesAt is not null && command.StartsWith(ClosesAt, StringComparison.Ordinal))
        {
            HasClosed = true;
            return "";
        }
        _isHung |= HangsAt is not null && command.StartsWith(HangsAt, StringComparison.Ordinal);
        if (_isHung)
            return "";
        var scripted = Answers.FindIndex(answer => command.StartsWith(answer.Command, StringComparison.Ordinal));
        if (scripted < 0)
            return usual + "\r\n";
        var reply = Answers[scripted].Reply;
        Answers.RemoveAt(scripted);
        if (reply.StartsWith("421", StringComparison.Ordinal))
            HasClosed = true;
        return reply + "\r\n";
    }
}
