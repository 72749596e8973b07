using System.Reflection;

namespace Gateway.Lab.SmartHosts;

/// <summary>
/// The answers of the lab's smart host from its start on: one <see cref="SmartHostAnswer"/> on each line. # begins a comment.
/// </summary>
public sealed record SmartHostScript(IReadOnlyList<SmartHostAnswer> Answers)
{
    private const string Resource = "smarthost.txt";

    /// <summary>Accepts everything.</summary>
    public static SmartHostScript Empty { get; } = new([]);

    /// <summary>config/lab/smarthost.txt, which is built in: some recipients with special answers.</summary>
    public static SmartHostScript Load()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!);
        return Read(Resource, reader.ReadToEnd());
    }

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="SmartHostScriptException">The file has mistakes.</exception>
    public static SmartHostScript Read(string path) => Read(path, File.ReadAllText(path));

    /// <exception cref="SmartHostScriptException">The file has mistakes.</exception>
    public static SmartHostScript Read(string path, string text)
    {
        var answers = new List<SmartHostAnswer>();
        var problems = new List<string>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var content = line.Trim();
            if (content.Length == 0 || content[0] == '#')
                continue;
            if (!SmartHostAnswer.TryParse(content, out var answer, out var problem))
                problems.Add($"{path}:{number}: {problem}");
            else if (answer is SmartHostAnswer.Up)
                problems.Add($"{path}:{number}: \"up\" is not allowed in a file, which describes a smart host that is up: delete this line");
            else
                answers.Add(answer);
        }
        return problems.Count == 0 ? new(answers) : throw new SmartHostScriptException(problems);
    }
}
