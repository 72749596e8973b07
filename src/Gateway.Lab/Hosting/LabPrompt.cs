using Gateway.Dns;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Inbound;

namespace Gateway.Lab.Hosting;

/// <summary>What can be typed into a running lab, or piped into it: each line is a command, and answered with one line or a table.</summary>
internal sealed class LabPrompt(FaultTable faults, CapturingSmartHost smartHost, LabDeeds lab)
{
    private const string Help =
        $"fault NAME [TYPE] WHAT | fault NAME [TYPE] none | faults | faults none | smarthost ANSWER | profiles | clients | help | quit  (WHAT: {Fault.Allowed}; "
        + "ANSWER: RCPT <who> 550 5.1.1 text, END delay 3s, down, up …)";

    private const string FaultUse =
        "type: fault NAME [TYPE] WHAT, such as: fault 127.0.0.10 servfail, fault good.lab.test MX delay 2s, fault 127.0.0.10 none";

    // What was typed here, beside what the zone files say.
    private readonly List<FaultChange> _typed = [];

    /// <summary>Until the input ends: whoever started the lab from a script or in the background has none, and the lab goes on.</summary>
    public async Task RunAsync(TextReader input, Action<string> say, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested && await input.ReadLineAsync(cancellationToken) is { } line)
                if (Answer(line) is { } answer)
                    say(answer);
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The lab closes, or the terminal is gone.
        }
    }

    /// <summary>Null for a line without a word, and where a table is the answer.</summary>
    public string? Answer(string line)
    {
        var words = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var rest = words.Length > 1 ? words[1] : "";
        return words.FirstOrDefault()?.ToUpperInvariant() switch
        {
            null => null,
            "FAULT" => SetFault(rest),
            "FAULTS" when rest.Length == 0 => ListFaults(),
            "FAULTS" when rest.Equals("none", StringComparison.OrdinalIgnoreCase) => EndFaults(),
            "FAULTS" => $"\"{Shown(rest)}\": behind faults nothing is allowed, or none",
            "SMARTHOST" => Direct(rest),
            "PROFILES" => Show(lab.ShowProfiles),
            "CLIENTS" => Show(lab.ShowClients),
            "HELP" or "?" => Help,
            "QUIT" or "EXIT" => Quit(),
            _ => $"\"{Shown(words[0])}\" is no command; there are fault, faults, smarthost, profiles, clients, help, quit",
        };
    }

    private string SetFault(string text)
    {
        if (!FaultChange.TryParse(text, out var change, out var problem))
            return $"{Shown(problem)}; {FaultUse}";
        var isThere = faults.Rules.Any(rule => rule.Name == change.Name && rule.Type == change.Type);
        if (change.Fault is null && !isThere)
            return $"nothing is set for {Target(change)}; \"faults\" tells what is";
        change.ApplyTo(faults);
        _typed.RemoveAll(other => other.Name == change.Name && other.Type == change.Type);
        if (change.Fault is not null)
            _typed.Add(change);
        lab.ForgetDns();
        return change.Fault is null ? $"{Target(change)} behaves again" : $"from now on: {change}";
    }

    private static string Target(FaultChange change) => change.ToString()[..^(change.Fault?.ToString() ?? "none").Length].TrimEnd();

    private string ListFaults()
    {
        var inFiles = faults.Rules.Count - _typed.Count(change => faults.Rules.Any(rule => rule.Name == change.Name && rule.Type == change.Type));
        return (_typed.Count == 0 ? "none was typed in" : $"typed in: {string.Join("; ", _typed)}") + $"; {inFiles} more from the zone files";
    }

    private string EndFaults()
    {
        lab.RestoreFaults();
        _typed.Clear();
        lab.ForgetDns();
        return "every name behaves as the zone files say";
    }

    private static string? Show(Action table)
    {
        table();
        return null;
    }

    private string Direct(string text)
    {
        if (!SmartHostAnswer.TryParse(text, out var answer, out var problem))
            return $"{Shown(problem)}; type: smarthost ANSWER, such as: smarthost RCPT <bob@gateway.test> 550 5.1.1 No such user, smarthost down, smarthost up";
        smartHost.Direct(answer);
        return $"the smart host from now on: {Shown(answer.ToString())}";
    }

    private string Quit()
    {
        lab.Quit();
        return "closing";
    }

    // A line that was piped in may hold anything.
    private static string Shown(string text) => SafeText.Of(text, 300);
}
