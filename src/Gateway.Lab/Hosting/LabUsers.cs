using System.Text;
using Gateway.Server.Users;

namespace Gateway.Lab.Hosting;

/// <summary>The lab's only user, in a temporary users file. The password is not secret, so its hash is quick to check.</summary>
internal sealed class LabUsers : IDisposable
{
    public const string Name = "ann@gateway.test";
    public const string Password = "lab";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-lab-");

    public LabUsers() => UserFileEditor.Set(File, Name, PasswordHash.Of(Encoding.UTF8.GetBytes(Password), PasswordHash.LeastIterations));

    public string File => Path.Combine(_folder.FullName, "users");

    public void Dispose() => _folder.Delete(recursive: true);
}
