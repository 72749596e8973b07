namespace Gateway.EndToEnd;

/// <summary>A folder of its own for one test, which unprivileged servers may enter; gone afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("gateway-e2e-");

    public TempFolder() => Open(_root.FullName);

    public string Path(string name) => System.IO.Path.Combine(_root.FullName, name);

    public string Folder(string name)
    {
        var path = Path(name);
        Directory.CreateDirectory(path);
        Open(path);
        return path;
    }

    public void Dispose()
    {
        // GATEWAY_E2E_KEEP=1 leaves configurations, logs and mail for a look.
        if (Environment.GetEnvironmentVariable("GATEWAY_E2E_KEEP") != "1")
            _root.Delete(recursive: true);
    }

    private static void Open(string path) => File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
}
