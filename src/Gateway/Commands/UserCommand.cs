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

    // Read out on the telephone without mistakes: no 0 and o, no 1, l and i. Twenty of them are 97 bits.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int GeneratedLength = 20;

    private static readonly Option<FileInfo?> File = new("--file")
    {
        Description = "The users file, when no configuration says where it is.",
        HelpName = "FILE",
    };

    private static readonly Option<bool> Generate = new("--generate") { Description = "Makes a password, and prints it once." };

    private static readonly Argument<string> Name = new("NAME") { Description = "What the user types: a local part or an address." };

    public static Command Create(PasswordInput passwords)
    {
        var add = new Command("add", "Adds a user, or gives one another password. The password is asked for, or is one line of what is piped in.")
        {
            Name, Generate, File, GatewayCommand.Config, GatewayCommand.Settings,
        };
        add.SetAction(parsed => WithFile(parsed, path => Add(parsed, path, passwords)));
        var remove = new Command("remove", "Takes a user away.") { Name, File, GatewayCommand.Config, GatewayCommand.Settings };
        remove.SetAction(parsed => WithFile(parsed, path => Remove(parsed, path)));
        var list = new Command("list", "Lists the users.") { File, GatewayCommand.Config, GatewayCommand.Settings };
        list.SetAction(parsed => WithFile(parsed, path => List(parsed, path)));
        return new Command("user", "Manages who may authenticate and relay.") { add, remove, list };
    }

    private static int WithFile(ParseResult parsed, Func<string, int> run)
    {
        var path = parsed.GetValue(File)?.ToString()
            ?? ConfigurationLoader.Value(GatewayCommand.ConfigurationFile(parsed), parsed.GetValue(GatewayCommand.Settings) ?? [], "Users:File");
        if (path is not null)
            return run(path);
        parsed.InvocationConfiguration.Error.WriteLine(
            "gateway: no users file is named. Say --file FILE, or --config FILE of a configuration with \"Users\": { \"File\": … }");
        return ExitCode.WrongUse;
    }

    private static int Add(ParseResult parsed, string path, PasswordInput passwords)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var name = parsed.GetValue(Name)!;
        if (UserFile.WhyNoName(name) is { } reason)
        {
            error.WriteLine($"gateway: \"{SafeText.Of(name, 80)}\" cannot be a user: {reason}");
            return ExitCode.WrongUse;
        }
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            error.WriteLine($"gateway: there is no folder {folder} for the users file");
            return ExitCode.No;
        }
        // What others have written stays; but a file that the gateway would not take is not to be made longer.
        if (System.IO.File.Exists(path))
            Read(path);
        var generated = parsed.GetValue(Generate) ? RandomNumberGenerator.GetString(Letters, GeneratedLength) : null;
        var password = generated ?? passwords.Read(error, out var problem) ?? Refused(error, problem);
        if (password is null || (WhyWeak(password) is { } weakness && Refused(error, weakness) is null))
            return ExitCode.No;
        var octets = Encoding.UTF8.GetBytes(password);
        var wasThere = UserFileEditor.Set(path, name, PasswordHash.Of(octets));
        CryptographicOperations.ZeroMemory(octets);
        error.WriteLine(wasThere ? $"{SafeText.Visible(name)} has a new password in {path}." : $"{SafeText.Visible(name)} is added to {path}.");
        if (generated is not null)
            output.WriteLine(generated);
        return ExitCode.Fine;
    }

    private static string? Refused(TextWriter error, string problem)
    {
        error.WriteLine($"gateway: {problem}; nothing is changed");
        return null;
    }

    private static string? WhyWeak(string password) =>
        password.Length < LeastPassword ? $"the password has less than {LeastPassword} characters: it would soon be guessed (--generate makes one)"
        : Encoding.UTF8.GetByteCount(password) > MostPassword ? $"the password has more than {MostPassword} octets"
        : password.Any(char.IsControl) ? "the password has a control character, which no client can send"
        : null;

    private static int Remove(ParseResult parsed, string path)
    {
        var name = parsed.GetValue(Name)!;
        Read(path);
        if (!UserFileEditor.Remove(path, name))
        {
            parsed.InvocationConfiguration.Error.WriteLine($"gateway: there is no user \"{SafeText.Of(name, 80)}\" in {path}");
            return ExitCode.No;
        }
        parsed.InvocationConfiguration.Error.WriteLine($"{SafeText.Visible(name)} is removed from {path}.");
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
        return errors.Count == 0 ? users
            : throw new ConfigurationException([.. errors.Select(static error => new ConfigurationError(error.Place, error.Reason))]);
    }
}
