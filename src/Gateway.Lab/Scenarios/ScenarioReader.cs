using System.Globalization;
using System.Net;
using Gateway.Dns;
using Gateway.Lab.Conversations;
using Gateway.Smtp;

namespace Gateway.Lab.Scenarios;

/// <summary>
/// Reads scenario files. docs/conversations.md describes their grammar, a small part of Markdown. The reader reports every mistake with its line.
/// </summary>
public sealed class ScenarioReader
{
    private const string PlayMark = "Play: ";
    private const string BriefMark = "Likewise: ";
    private const string CheckMark = "Check: ";
    private const string ExchangeMark = "Exchange: ";

    private static readonly (string Mark, ScenarioTopic Topic)[] Marks =
    [
        ("- ", ScenarioTopic.Who),
        ("Seen: ", ScenarioTopic.Seen),
        ("Administrator: ", ScenarioTopic.Administrator),
        ("Cure: ", ScenarioTopic.Cure),
    ];

    private readonly string _path;
    private readonly List<string> _problems = [];
    private readonly List<string> _introduction = [];
    private readonly List<ScenarioRow> _rows = [];
    private readonly List<string> _paragraph = [];
    private string? _title;
    private (int Number, string Title, int Line)? _heading;
    private List<ScenarioItem> _items = [];
    private int _line;

    private ScenarioReader(string path) => _path = path;

    /// <exception cref="ConversationFormatException">The file has mistakes; the exception lists all of them.</exception>
    public static Scenario Read(string path, string text)
    {
        var reader = new ScenarioReader(path);
        foreach (var line in text.Split('\n'))
            reader.ReadLine(line.TrimEnd());
        return reader.Finish();
    }

    private Scenario Finish()
    {
        EndRow();
        if (_title is null)
            Problem(1, "the first line must be \"# \" and the title");
        if (_rows.Count == 0)
            Problem(_line, "the file has no row: begin one with \"## NUMBER. Title\"");
        foreach (var twice in _rows.GroupBy(static row => row.Number).Where(static rows => rows.Count() > 1))
            Problem(_line, $"row {twice.Key} appears twice");
        foreach (var twice in _rows.SelectMany(static row => row.Files).GroupBy(static file => file).Where(static files => files.Count() > 1))
            Problem(_line, $"{twice.Key} is played twice");
        return _problems.Count == 0 ? new(_title!, _introduction, _rows) : throw new ConversationFormatException(_problems);
    }

    private void ReadLine(string line)
    {
        _line++;
        if (line.StartsWith('#'))
        {
            EndParagraph();
            ReadHeading(line);
        }
        else if (line.Length == 0)
            EndParagraph();
        else if (line.StartsWith(PlayMark, StringComparison.Ordinal))
        {
            EndParagraph();
            ReadPlay(line[PlayMark.Length..].Trim(), isBrief: false);
        }
        else if (line.StartsWith(BriefMark, StringComparison.Ordinal))
        {
            EndParagraph();
            ReadPlay(line[BriefMark.Length..].Trim(), isBrief: true);
        }
        else if (line.StartsWith(CheckMark, StringComparison.Ordinal))
        {
            EndParagraph();
            ReadCheck(line[CheckMark.Length..].Trim());
        }
        else if (line.StartsWith(ExchangeMark, StringComparison.Ordinal))
        {
            EndParagraph();
            ReadExchange(line[ExchangeMark.Length..].Trim());
        }
        else
        {
            if (Array.Exists(Marks, mark => line.StartsWith(mark.Mark, StringComparison.Ordinal)))
                EndParagraph();
            _paragraph.Add(line.Trim());
        }
    }

    private void ReadHeading(string line)
    {
        if (line.StartsWith("# ", StringComparison.Ordinal) && _title is null && _line == 1)
            _title = line[2..].Trim();
        else if (line.StartsWith("## ", StringComparison.Ordinal) && line.IndexOf(". ", StringComparison.Ordinal) is > 3 and var dot
            && int.TryParse(line.AsSpan(3, dot - 3), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            EndRow();
            _heading = (number, line[(dot + 2)..].Trim(), _line);
        }
        else
            Problem(_line, $"\"{line}\" is neither the title nor a row: write \"## NUMBER. Title\"");
    }

    private void ReadPlay(string file, bool isBrief)
    {
        if (_heading is null)
            Problem(_line, "a conversation is played before the first row");
        else if (!file.EndsWith(".smtp", StringComparison.Ordinal) || file.AsSpan().ContainsAny("/\\ "))
            Problem(_line, $"\"{file}\" is not the name of a conversation file in this folder: write NAME.smtp");
        else
            _items.Add(new ScenarioItem.Play(file, isBrief));
    }

    // "209.54.61.76 user@source.com", then perhaps ", " and a fault as in @fault.
    private void ReadCheck(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        FaultChange? fault = null;
        if (_heading is null)
            Problem(_line, "an address is checked before the first row");
        else if (text[..(comma < 0 ? text.Length : comma)].Split(' ') is [var client, var sender] && IPAddress.TryParse(client, out var address)
            && ReversePath.TryParse($"<{sender}>", out var path) && (comma < 0 || FaultChange.TryParse(text[(comma + 1)..].Trim(), out fault)))
            _items.Add(new ScenarioItem.Check(address, path, fault));
        else
            Problem(_line, $"\"{text}\" is not understood: write \"{CheckMark}ADDRESS MAILBOX[, FAULT]\"");
    }

    // "row-01-no-ptr-aol.smtp", then perhaps ", user@source.com to user@destination.com".
    private void ReadExchange(string text)
    {
        var parts = text.Split(", ", 2);
        var envelope = parts is [_, var message] ? message.Split(" to ") : null;
        if (!_items.OfType<ScenarioItem.Play>().Any(play => play.File == parts[0]))
            Problem(_line, $"\"{parts[0]}\" was not played before in this row");
        else if (envelope is null)
            _items.Add(new ScenarioItem.Exchange(parts[0]));
        else if (envelope is [var sender, var recipient] && Mailbox.TryParse(sender, out _) && Mailbox.TryParse(recipient, out _))
            _items.Add(new ScenarioItem.Exchange(parts[0], sender, recipient));
        else
            Problem(_line, $"\"{text}\" is not understood: write \"{ExchangeMark}NAME.smtp[, MAILBOX to MAILBOX]\"");
    }

    private void EndParagraph()
    {
        if (_paragraph.Count == 0)
            return;
        var text = string.Join(' ', _paragraph);
        _paragraph.Clear();
        if (_heading is null)
        {
            _introduction.Add(text);
            return;
        }
        var place = Array.FindIndex(Marks, mark => text.StartsWith(mark.Mark, StringComparison.Ordinal));
        _items.Add(place < 0
            ? new ScenarioItem.Tell(ScenarioTopic.Situation, text)
            : new ScenarioItem.Tell(Marks[place].Topic, text[Marks[place].Mark.Length..]));
    }

    private void EndRow()
    {
        EndParagraph();
        if (_heading is not { } heading)
            return;
        var row = new ScenarioRow(heading.Number, heading.Title, _items);
        foreach (var topic in Enum.GetValues<ScenarioTopic>().Where(topic => !row.Told(topic).Any()))
            Problem(heading.Line, $"row {row.Number} has no \"{topic}\"");
        if (!row.Files.Any())
            Problem(heading.Line, $"row {row.Number} plays no conversation: write {PlayMark}NAME.smtp");
        _rows.Add(row);
        _items = [];
        _heading = null;
    }

    private void Problem(int line, string reason) => _problems.Add($"{_path}:{line}: {reason}");
}
