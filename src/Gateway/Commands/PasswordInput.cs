namespace Gateway.Commands;

/// <summary>Where a password comes from: typed twice and not shown, or one line of what is piped in.</summary>
/// <param name="input">Instead of the terminal.</param>
internal sealed class PasswordInput(TextReader? input)
{
    /// <summary>Null when nothing was given, or the two differ; then the problem says so.</summary>
    public string? Read(TextWriter prompt, out string problem)
    {
        problem = "no password was given";
        if (input is not null || Console.IsInputRedirected)
            return (input ?? Console.In).ReadLine() is { Length: > 0 } line ? line : null;
        if (Typed(prompt, "Password: ") is not { Length: > 0 } first)
            return null;
        problem = "the two passwords differ";
        return Typed(prompt, "Once more: ") == first ? first : null;
    }

    private static string Typed(TextWriter prompt, string question)
    {
        prompt.Write(question);
        var typed = new List<char>();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace && typed.Count > 0)
                typed.RemoveAt(typed.Count - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Add(key.KeyChar);
        }
        prompt.WriteLine();
        return new([.. typed]);
    }
}
