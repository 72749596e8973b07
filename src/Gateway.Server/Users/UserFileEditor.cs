namespace Gateway.Server.Users;

/// <summary>
/// Changes a users file: all of it or nothing, whatever happens in between. Comments and order stay. The new file is made
/// beside the old one, which is also the lock: two changes at once cannot lose one.
/// </summary>
public static class UserFileEditor
{
    /// <summary>Adds a user, or gives one that is there another password. True: it was there.</summary>
    /// <exception cref="IOException">The file cannot be written, or another change is under way.</exception>
    public static bool Set(string path, string name, PasswordHash password)
    {
        var line = $"{name}:{password}";
        return Change(path, mayCreate: true, lines =>
        {
            var at = lines.FindIndex(IsAbout(name));
            if (at < 0)
                lines.Add(line);
            else
                lines[at] = line;
            return at >= 0;
        });
    }

    /// <summary>False: there is no such user.</summary>
    /// <exception cref="IOException">The file cannot be written, or another change is under way.</exception>
    public static bool Remove(string path, string name) => Change(path, mayCreate: false, lines => lines.RemoveAll(IsAbout(name)) > 0);

    private static Predicate<string> IsAbout(string name) => line => string.Equals(UserFile.NameIn(line), name, StringComparison.OrdinalIgnoreCase);

    private static bool Change(string path, bool mayCreate, Func<List<string>, bool> change)
    {
        // A link stays one: what it leads to is replaced.
        var real = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : Path.GetFullPath(path);
        var beside = real + ".new";
        using (var file = Create(beside))
        {
            try
            {
                var lines = mayCreate && !File.Exists(real) ? [] : File.ReadAllLines(real).ToList();
                var result = change(lines);
                using (var writer = new StreamWriter(file, leaveOpen: true) { NewLine = "\n" })
                    foreach (var line in lines)
                        writer.WriteLine(line);
                file.Flush(flushToDisk: true);
                file.Dispose();
                KeepRights(real, beside);
                File.Move(beside, real, overwrite: true);
                return result;
            }
            catch
            {
                file.Dispose();
                File.Delete(beside);
                throw;
            }
        }
    }

    private static FileStream Create(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            // Hashes are for their owner only, whatever the umask.
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new(path, options);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new IOException($"{path} exists, so another command is changing the users now. If no other command runs, a crash has left this file: delete it", error);
        }
    }

    // Who let a group read the file, so that the gateway can, wants that to stay; nobody else ever reads it.
    private static void KeepRights(string from, string to)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(from))
            File.SetUnixFileMode(to, File.GetUnixFileMode(from) & (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead));
    }
}
