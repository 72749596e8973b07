using Gateway.Dns;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Inbound;

namespace Gateway.Lab.Hosting;

/// <summary>Reads the commands that are typed or piped into a running lab. The answer to each is a line or a table.</summary>
internal sealed class LabPrompt(FaultTable faults, CapturingSmartHost smartHost, LabActions lab)
{
    private const string Help =
        """
        The commands of the lab:
          fault NAME [TYPE] FAULT   make the lab's DNS server fail for this name
          fault NAME [TYPE] none    end this fault
          faults                    list the faults that you have set
          faults none               end all faults that you have set
          smarthost ANSWER          set how the smart host answers
          profiles                  show the ports again
          clients                   show the table of clients again
          quit                      close the lab
        FAULT is servfail, refuse, drop, nxdomain, truncate, malformed, wrong-id, lame,
        or delay TIME. ANSWER is for example:
        RCPT <bob@gateway.test> 550 5.1.1 No such user, END delay 3s, down, up
        """;

    private const string FaultUse =
        "type fault NAME [TYPE] FAULT, for example: fault 127.0.0.10 servfail, fault good.lab.test MX delay 2s, fault 127.0.0.10 none";

    // The faults that were typed in, in addition to those of the zone files.
    private readonly List<FaultChange> _typed = [];

    /// <summary>Reads commands until the input ends. The lab goes on then, because a script or a background job has no input.</summary>
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
            // The lab is closing, or the terminal is gone.
        }
    }

    /// <summary>The answer to a command; null for an empty line, and if the answer is a table.</summary>
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
            "FAULTS" => $"\"{Shown(rest)}\" cannot follow \"faults\": type faults, or faults none",
            "SMARTHOST" => Direct(rest),
            "PROFILES" => Show(lab.ShowProfiles),
            "CLIENTS" => Show(lab.ShowClients),
            "HELP" or "?" => Help,
            "QUIT" or "EXIT" => Quit(),
            _ => $"\"{Shown(words[0])}\" is not a command; the commands are fault, faults, smarthost, profiles, clients, help, quit",
        };
    }

    private string SetFault(string text)
    {
        if (!FaultChange.TryParse(text, out var change, out var problem))
            return $"{Shown(problem)}; {FaultUse}";
        var isThere = faults.Rules.Any(rule => rule.Name == change.Name && rule.Type == change.Type);
        if (change.Fault is null && !isThere)
            return $"{Target(change)} has no fault; \"faults\" lists the faults";
        change.ApplyTo(faults);
        _typed.RemoveAll(other => other.Name == change.Name && other.Type == change.Type);
        if (change.Fault is not null)
            _typed.Add(change);
        lab.ForgetDns();
        return change.Fault is null ? $"the fault of {Target(change)} has ended" : $"fault set: {change}";
    }

    private static string Target(FaultChange change) => change.ToString()[..^(change.Fault?.ToString() ?? "none").Length].TrimEnd();

    private string ListFaults()
    {
        var inFiles = faults.Rules.Count - _typed.Count(change => faults.Rules.Any(rule => rule.Name == change.Name && rule.Type == change.Type));
        return (_typed.Count == 0 ? "you have set no faults" : $"you have set: {string.Join("; ", _typed)}") + $"; the zone files have {inFiles} more";
    }

    private string EndFaults()
    {
        lab.RestoreFaults();
        _typed.Clear();
        lab.ForgetDns();
        return "all faults that you have set have ended; those of the zone files stay";
    }

    private static string? Show(Action table)
    {
        table();
        return null;
    }

    private string Direct(string text)
    {
        if (!SmartHostAnswer.TryParse(text, out var answer, out var problem))
            return $"{Shown(problem)}; type smarthost ANSWER, for example: smarthost RCPT <bob@gateway.test> 550 5.1.1 No such user, smarthost down, smarthost up";
        smartHost.Direct(answer);
        return $"the smart host now answers: {Shown(answer.ToString())}";
    }

    private string Quit()
    {
        lab.Quit();
        return "closing the lab";
    }

    // A line from a pipe may contain anything, so it is cleaned before it is shown.
    private static string Shown(string text) => SafeText.Of(text, 300);
}
