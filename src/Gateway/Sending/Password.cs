using System.Text;

namespace Gateway.Sending;

/// <summary>Where a password comes from that is not in the command line, where others can read it.</summary>
internal static class Password
{
    public const string Variable = "GATEWAY_PASSWORD";

    /// <summary>From the environment, or asked without echo; null when nobody can be asked.</summary>
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
