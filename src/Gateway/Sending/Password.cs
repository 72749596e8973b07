using System.Text;

namespace Gateway.Sending;

/// <summary>Finds a password that is not on the command line, where other users of the machine could read it.</summary>
internal static class Password
{
    public const string Variable = "GATEWAY_PASSWORD";

    /// <summary>Reads the password from the environment, or from the terminal without echo; null if there is no terminal.</summary>
    public static string? Find(string user, TextWriter prompt)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
            return given;
        if (Console.IsInputRedirected)
            return null;
        prompt.Write($"Password of {user}: ");
        prompt.Flush();
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(typed.Length - 1, 0);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
        prompt.WriteLine();
        return typed.ToString();
    }
}
