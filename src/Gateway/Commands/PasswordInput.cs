namespace Gateway.Commands;

/// <summary>Reads a password: typed twice without echo on a terminal, or the first line of a pipe.</summary>
/// <param name="input">The input to use instead of the terminal; null for standard input.</param>
internal sealed class PasswordInput(TextReader? input)
{
    /// <summary>Null if no password was typed, or the two differ; the problem says which.</summary>
    public string? Read(TextWriter prompt, out string problem)
    {
        problem = "no password was typed";
        if (input is not null || Console.IsInputRedirected)
            return (input ?? Console.In).ReadLine() is { Length: > 0 } line ? line : null;
        if (Typed(prompt, "Password: ") is not { Length: > 0 } first)
            return null;
        problem = "the two passwords differ";
        return Typed(prompt, "Repeat the password: ") == first ? first : null;
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
