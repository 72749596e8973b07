using System.Text;
using Gateway.Server.Users;
using Gateway.Smtp;

namespace Gateway.Tests;

/// <summary>A users file in a folder of its own, gone with the test.</summary>
internal sealed class UsersFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-users-");

    public UsersFolder(params (string Name, string Password)[] users)
    {
        foreach (var (name, password) in users)
            Set(name, password);
    }

    public string File => Path.Combine(_folder.FullName, "users");

    public IReadOnlyList<string> Names => [.. _folder.GetFiles().Select(file => file.Name)];

    public void Set(string name, string password) => UserFileEditor.Set(File, name, Hash(password));

    public static PasswordHash Hash(string password) => PasswordHash.Of(Encoding.UTF8.GetBytes(password), PasswordHash.LeastIterations);

    public static PresentedCredentials Says(string name, string password) => new("PLAIN", name, Encoding.UTF8.GetBytes(password));

    public void Dispose() => _folder.Delete(recursive: true);
}
