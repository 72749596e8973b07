using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Gateway.Server.Inbound;
using Gateway.Server.Users;

namespace Gateway.Commands;

/// <summary><c>gateway user add</c>, <c>remove</c> and <c>list</c>: who may authenticate. A running gateway sees the change within two seconds.</summary>
internal static class UserCommand
{
    private const int LeastPassword = 8;
    private const int MostPassword = 1024;

    // Letters that are easy to read out on the telephone: no 0 and o, no 1, l and i. Twenty of them have 97 bits.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int GeneratedLength = 20;

    private static readonly Option<FileInfo?> File = new("--file")
    {
        Description = "Use this users file. [default: the file that Users.File in the configuration names]",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Generate = new("--generate") { Description = "Generate a password and print it. [default: ask for one]" };

    private static readonly Argument<string> Name = new("NAME") { Description = "The name with which the user logs in, for example scanner or ann@example.com." };

    public static Command Create(PasswordInput passwords)
    {
        var add = new Command("add", "Add a user, or change a user's password. The command asks for the password, or reads it from the first line of standard input.")
        {
            Name, Generate, File, GatewayCommand.Config, GatewayCommand.Settings,
        };
        add.SetAction(parsed => WithFile(parsed, path => Add(parsed, path, passwords)));
        var remove = new Command("remove", "Remove a user.") { Name, File, GatewayCommand.Config, GatewayCommand.Settings };
        remove.SetAction(parsed => WithFile(parsed, path => Remove(parsed, path)));
        var list = new Command("list", "List the users.") { File, GatewayCommand.Config, GatewayCommand.Settings };
        list.SetAction(parsed => WithFile(parsed, path => List(parsed, path)));
        return new Command("user", "Manage the users who may log in and send mail through the gateway.") { add, remove, list };
    }

    private static int WithFile(ParseResult parsed, Func<string, int> run)
    {
        var path = parsed.GetValue(File)?.ToString()
            ?? ConfigurationLoader.Value(GatewayCommand.ConfigurationFile(parsed), parsed.GetValue(GatewayCommand.Settings) ?? [], "Users:File");
        if (path is not null)
            return run(path);
        parsed.InvocationConfiguration.Error.WriteLine(
            "gateway: no users file is named, and no configuration was found that names one: type --file FILE, or --config FILE of a configuration with \"Users\": { \"File\": … }");
        return ExitCode.WrongUse;
    }

    private static int Add(ParseResult parsed, string path, PasswordInput passwords)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var name = parsed.GetValue(Name)!;
        if (UserFile.WhyNoName(name) is { } reason)
        {
            error.WriteLine($"gateway: \"{SafeText.Of(name, 80)}\" cannot be the name of a user: {reason}");
            return ExitCode.WrongUse;
        }
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            error.WriteLine($"gateway: the folder {folder} for the users file does not exist: create it first");
            return ExitCode.No;
        }
        // Lines that others wrote stay unchanged. But nothing is added to a file that the gateway could not read.
        if (System.IO.File.Exists(path))
            Read(path);
        var generated = parsed.GetValue(Generate) ? RandomNumberGenerator.GetString(Letters, GeneratedLength) : null;
        var password = generated ?? passwords.Read(error, out var problem) ?? Refused(error, problem);
        if (password is null || (WhyWeak(password) is { } weakness && Refused(error, weakness) is null))
            return ExitCode.No;
        var octets = Encoding.UTF8.GetBytes(password);
        var wasThere = UserFileEditor.Set(path, name, PasswordHash.Of(octets));
        CryptographicOperations.ZeroMemory(octets);
        error.WriteLine(wasThere ? $"The password of {SafeText.Visible(name)} in {path} was changed." : $"{SafeText.Visible(name)} was added to {path}.");
        if (generated is not null)
            output.WriteLine(generated);
        return ExitCode.Fine;
    }

    private static string? Refused(TextWriter error, string problem)
    {
        error.WriteLine($"gateway: {problem}. Nothing was changed");
        return null;
    }

    private static string? WhyWeak(string password) =>
        password.Length < LeastPassword ? $"the password has fewer than {LeastPassword} characters and could be guessed: use a longer one, or --generate"
        : Encoding.UTF8.GetByteCount(password) > MostPassword ? $"the password has more than {MostPassword} octets"
        : password.Any(char.IsControl) ? "the password contains a control character, which no client can send: use another one"
        : null;

    private static int Remove(ParseResult parsed, string path)
    {
        var name = parsed.GetValue(Name)!;
        Read(path);
        if (!UserFileEditor.Remove(path, name))
        {
            parsed.InvocationConfiguration.Error.WriteLine($"gateway: {path} has no user \"{SafeText.Of(name, 80)}\": \"gateway user list\" lists the users");
            return ExitCode.No;
        }
        parsed.InvocationConfiguration.Error.WriteLine($"{SafeText.Visible(name)} was removed from {path}.");
        return ExitCode.Fine;
    }

    private static int List(ParseResult parsed, string path)
    {
        foreach (var user in Read(path).OrderBy(static user => user.Name, StringComparer.OrdinalIgnoreCase))
            parsed.InvocationConfiguration.Output.WriteLine(SafeText.Visible(user.Name));
        return ExitCode.Fine;
    }

    private static IReadOnlyList<User> Read(string path)
    {
        var (users, errors) = UserFile.Read(path);
        if (errors is [{ Line: 0 } file])
            throw ConfigurationException.OfCommandLine($"the users file {path} {file.Reason}");
        return errors.Count == 0 ? users
            : throw new ConfigurationException([.. errors.Select(static error => new ConfigurationError(error.Place, error.Reason))]) { Subject = "the users file has" };
    }
}
