namespace Gateway.Server.Configuration;

/// <summary>Reads the section <c>Journal</c>.</summary>
internal static class JournalOptionsReader
{
    private const long MegaByte = 1 << 20;

    public static JournalOptions Read(SectionReader journal)
    {
        var options = new JournalOptions(
            journal.RequiredText("File", "the path of the journal's file, such as /var/lib/gateway/journal.db"),
            journal.Duration("MaxAge", TimeSpan.FromDays(30), TimeSpan.FromHours(1), TimeSpan.FromDays(3650)),
            journal.LongNumber("MaxSize", 1024 * MegaByte, 16 * MegaByte, 1L << 44));
        // Not tried by writing: who explains need not be able to write, and a journal that cannot be written stops no mail.
        if (options.File.Length > 0 && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(options.File))))
            journal.Fail("File", options.File, "a file in a folder that exists");
        journal.RefuseOthers();
        return options;
    }
}
