using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Dns;
using Gateway.Lab.Dns;
using Gateway.Lab.SmartHosts;
using Gateway.Policy;
using Gateway.Server.Inbound;

namespace Gateway.Lab.Conversations;

/// <summary>Reads conversation files; docs/conversations.md tells their grammar.</summary>
public sealed class ConversationReader
{
    private const string Serves = "serves";
    private const string UsualSmartHost = "smarthost";

    private readonly string _path;
    private readonly List<string> _problems = [];
    private readonly List<string> _comments = [];
    private readonly List<Step> _steps = [];
    private readonly List<KeyValuePair<string, string>> _overrides = [];
    private readonly List<SmartHostAnswer> _smartHost = [];
    private readonly List<NamedSmartHost> _named = [];
    private readonly List<FaultChange> _faults = [];
    private readonly List<string> _directives = [];
    private ConversationSetting _setting = new();
    private bool _introduced;
    private int _line;

    private ConversationReader(string path) => _path = path;

    /// <exception cref="ConversationFormatException">Lines that say nothing this reader knows.</exception>
    public static Conversation Read(string path) => Read(path, File.ReadAllText(path));

    /// <exception cref="ConversationFormatException">Lines that say nothing this reader knows.</exception>
    public static Conversation Read(string path, string text)
    {
        var reader = new ConversationReader(path);
        foreach (var line in text.Split('\n'))
            reader.ReadLine(line.EndsWith('\r') ? line[..^1] : line);
        return reader.Finish();
    }

    private Conversation Finish()
    {
        if (_comments.Count == 0)
            Problem(1, "the first line is a comment that gives the conversation its title");
        if (!_steps.Exists(step => step is Step.Expect))
            Problem(_line, "nothing is expected of the server: there is no S: line");
        if (_problems.Count > 0)
            throw new ConversationFormatException(_problems);
        var setting = _setting with { Overrides = _overrides, SmartHost = _smartHost, SmartHosts = _named, Faults = _faults, Directives = [.. _directives.Distinct()] };
        return new(_path, _comments[0], _comments[1..], setting, _steps);
    }

    private void ReadLine(string line)
    {
        _line++;
        if (line.StartsWith('#'))
        {
            if (!_introduced)
                _comments.Add(line[1..].Trim());
            return;
        }
        _introduced = true;
        if (line.Length == 0)
            return;
        if (Rest(line, "C:") is { } text)
            _steps.Add(new Step.Send(_line, Encoding.UTF8.GetBytes(text + "\r\n")));
        else if (Rest(line, "C>") is { } raw)
            ReadRaw(raw);
        else if (Rest(line, "S:") is { } reply)
            _steps.Add(new Step.Expect(_line, new LinePattern(reply)));
        else if (Rest(line, "S*") is { } any)
            _steps.Add(new Step.PassOver(_line, new LinePattern(any)));
        else if (line[0] == '@')
            ReadDirective(line);
        else
            Problem(_line, $"\"{Shown(line)}\" is neither C:, C>, S:, S*, @directive nor # comment");
    }

    // One space after the mark belongs to the mark; all others, trailing ones too, are said.
    private static string? Rest(string line, string mark) =>
        !line.StartsWith(mark, StringComparison.Ordinal) ? null
        : line.Length > mark.Length && line[mark.Length] == ' ' ? line[(mark.Length + 1)..]
        : line[mark.Length..];

    private void ReadRaw(string raw)
    {
        try
        {
            _steps.Add(new Step.Send(_line, Escapes.Decode(raw)));
        }
        catch (FormatException problem)
        {
            Problem(_line, problem.Message);
        }
    }

    private void ReadDirective(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var name = space < 0 ? line : line[..space];
        var rest = space < 0 ? "" : line[(space + 1)..];
        _directives.Add(name);
        if (!(ReadSetting(name, rest.Trim()) ?? ReadStep(name, rest.Trim(), rest) ?? false))
            Problem(_line, $"\"{Shown(line)}\" says nothing known: see docs/conversations.md for the directives and what follows each");
    }

    // Null: it is no setting. False: it is one, and wrong.
    private bool? ReadSetting(string name, string rest)
    {
        if (name is "@client" or "@zone" or "@record" or "@profile" or "@config" or "@whole" && _steps.Count > 0)
        {
            Problem(_line, $"{name} stands before the first C: or S: line, for it holds from the start");
            return true;
        }
        switch (name)
        {
            case "@client" when IPAddress.TryParse(rest, out var client):
                _setting = _setting with { Client = client };
                return true;
            case "@client":
                Problem(_line, $"@client wants an address, such as 192.0.2.20 or 2001:db8::20, not \"{Shown(rest)}\"");
                return true;
            case "@zone" when rest.Length > 0:
                foreach (var unknown in rest.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(LabZones.Names))
                    Problem(_line, $"the lab has no zone {unknown}; it has {string.Join(", ", LabZones.Names)}");
                _setting = _setting with { Zones = [.. _setting.Zones, .. rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)] };
                return true;
            case "@record" when RecordText.TryParse(rest, out var record, out _):
                _setting = _setting with { Records = [.. _setting.Records, record] };
                return true;
            case "@record":
                Problem(_line, $"@record wants a line of a zone file, such as \"1.2.0.192.in-addr.arpa. PTR mail.example.com.\", not \"{Shown(rest)}\"");
                return true;
            case "@profile" when rest.Length > 0:
                _setting = _setting with { Profile = rest };
                return true;
            case "@whole" when rest.Length == 0:
                _setting = _setting with { IsWhole = true };
                return true;
            case "@config" when rest.IndexOf('=', StringComparison.Ordinal) is > 0 and var at:
                _overrides.Add(new(rest[..at].Trim(), rest[(at + 1)..].Trim()));
                return true;
            case "@smarthost" when rest.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var host, Serves, _, ..] words:
                if (_steps.Count > 0)
                    Problem(_line, $"@smarthost NAME {Serves} stands before the first C: or S: line, for it holds from the start");
                else if (_named.Exists(other => other.Name == host))
                    Problem(_line, $"there is a smart host {host} already");
                else
                    _named.Add(new(host, words[2..]));
                return true;
            case "@smarthost" when _steps.Count == 0 && SmartHostAnswer.TryParse(rest, out var answer):
                _smartHost.Add(answer);
                return true;
            case "@smarthost" when !SmartHostAnswer.TryParse(rest, out _, out var problem):
                Problem(_line, $"@smarthost {Shown(problem)}");
                return true;
            case "@fault" when _steps.Count == 0 && FaultChange.TryParse(rest, out var change):
                _faults.Add(change);
                return true;
            case "@fault" when !FaultChange.TryParse(rest, out _, out var problem):
                Problem(_line, $"@fault {Shown(problem)}");
                return true;
            default:
                return null;
        }
    }

    private bool? ReadStep(string name, string rest, string exactly)
    {
        Step? step = name switch
        {
            "@advance" when TimeSpan.TryParse(rest, CultureInfo.InvariantCulture, out var duration) && duration > TimeSpan.Zero
                => new Step.Advance(_line, duration),
            "@tls" when rest.Length == 0 => new Step.Secure(_line),
            "@close" when rest.Length == 0 => new Step.Close(_line),
            "@closed" when rest.Length == 0 => new Step.Closed(_line),
            "@verdict" => ReadVerdict(rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            "@relayed" when int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                => new Step.Relayed(_line, count),
            "@envelope" when rest.StartsWith('<') => new Step.RelayedEnvelope(_line, rest),
            "@message" when rest.Length > 0 => new Step.RelayedLine(_line, new LinePattern(exactly)),
            "@absent" when rest.Length > 0 => new Step.AbsentLine(_line, new LinePattern(exactly)),
            "@smarthost" when SmartHostAnswer.TryParse(rest, out var answer) => new Step.SmartHost(_line, answer),
            "@fault" when FaultChange.TryParse(rest, out var change) => new Step.SetFault(_line, change),
            "@at" when rest == UsualSmartHost || _named.Exists(host => host.Name == rest) => new Step.At(_line, rest == UsualSmartHost ? null : rest),
            "@connect" when rest.Length == 0 && HasEnded() => new Step.Connect(_line),
            "@journal" when rest.Length > 0 => new Step.JournalLine(_line, new LinePattern(exactly)),
            "@unjournal" when rest.Length > 0 => new Step.UnjournalLine(_line, new LinePattern(exactly)),
            "@advice" when rest == "none" => new Step.AdviceLine(_line, null),
            "@advice" when rest.Length > 0 => new Step.AdviceLine(_line, new LinePattern(exactly)),
            "@unadvised" when rest.Length > 0 => new Step.UnadvisedLine(_line, new LinePattern(exactly)),
            _ => null,
        };
        if (step is null)
            return null;
        _steps.Add(step);
        return true;
    }

    // One connection at a time: the one before has ended, and after its end only judgements may stand.
    private bool HasEnded()
    {
        if (_steps.FindLast(static step => step is Step.Send or Step.Expect or Step.Close or Step.Closed) is Step.Close or Step.Closed)
            return true;
        Problem(_line, "@connect comes after @close or @closed: a client has one connection here");
        return false;
    }

    private Step.Verdict? ReadVerdict(string[] words) => words switch
    {
        ["accept"] => new(_line, Decision.Accept, null),
        ["defer", .. var check] when check.Length < 2 => new(_line, Decision.Defer, check.FirstOrDefault()),
        ["reject", .. var check] when check.Length < 2 => new(_line, Decision.Reject, check.FirstOrDefault()),
        _ => null,
    };

    // What is no conversation may be anything, and is printed on a terminal.
    private static string Shown(string line) => SafeText.Of(line, 200);

    private void Problem(int line, string reason) => _problems.Add($"{_path}:{line}: {reason}");
}
