using Gateway.Policy;
using Gateway.Server.Journal;
using Gateway.Tests;
using Microsoft.Data.Sqlite;
using static Gateway.Tests.Sessions;

namespace Gateway.Server.Tests.Journal;

public sealed class JournalDatabaseTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static SessionRow Row(DateTimeOffset start, int number) => new(Empty(start, number).Delivers("example.org", Found("require-ptr", CheckMode.Monitor, Decision.Reject, "rdns-none")));

    private long Number(string sql)
    {
        using var reader = JournalReader.Open(_folder.File);
        return reader.Connection.Number(sql);
    }

    [Fact]
    public void What_is_older_than_allowed_goes_oldest_first_in_small_steps()
    {
        using var database = JournalDatabase.Open(_folder.Options(TimeSpan.FromDays(1)));
        // One a minute for 2000 minutes; the last 1440 are of the last day.
        database.Write([.. Enumerable.Range(0, 2000).Select(minute => Row(Noon.AddMinutes(minute), minute + 1))]);
        var now = Noon.AddMinutes(2000);

        Assert.True(database.Trim(now));
        Assert.Equal(1500, Number("SELECT count(*) FROM sessions"));
        while (database.Trim(now))
        {
        }
        Assert.Equal(1440, Number("SELECT count(*) FROM sessions"));
        Assert.Equal(Noon.AddMinutes(560).ToUnixTimeMilliseconds(), Number("SELECT min(started) FROM sessions"));
        // Of the statistics whole hours go: that of 21:00 still has sessions.
        Assert.Equal(Noon.AddHours(9).ToUnixTimeSeconds() / 3600, Number("SELECT min(hour) FROM totals"));
        Assert.Equal(Noon.AddHours(9).ToUnixTimeSeconds() / 3600, Number("SELECT min(hour) FROM senders"));
        Assert.False(database.Trim(now));
    }

    [Fact]
    public void A_file_stays_within_its_size_and_the_newest_sessions_stay_in_it()
    {
        const long size = 16L << 20;
        using var database = JournalDatabase.Open(_folder.Options(size: size));
        var largest = 0L;
        for (var batch = 0; batch < 40; batch++)
        {
            database.Write([.. Enumerable.Range(0, 500).Select(i => Row(Noon.AddSeconds((batch * 500) + i), (batch * 500) + i + 1))]);
            for (var steps = 4; steps > 0 && database.Trim(Noon); steps--)
            {
            }
            largest = Math.Max(largest, new FileInfo(_folder.File).Length);
        }
        // A batch comes before what it displaces goes.
        Assert.InRange(largest, size / 2, size + (4 << 20));
        Assert.InRange(Number("SELECT count(*) FROM sessions"), 1000, 19_000);
        Assert.Equal(Noon.AddSeconds(19_999).ToUnixTimeMilliseconds(), Number("SELECT max(started) FROM sessions"));
        Assert.Equal("ok", Text("PRAGMA integrity_check"));
    }

    [Fact]
    public void Room_that_is_no_longer_needed_is_given_back()
    {
        using var database = JournalDatabase.Open(_folder.Options(TimeSpan.FromDays(1)));
        database.Write([.. Enumerable.Range(0, 8000).Select(i => Row(Noon.AddSeconds(i), i + 1))]);
        database.Write([Row(Noon.AddDays(9), 1)]);
        for (var i = 0; i < 200; i++)
            database.Trim(Noon.AddDays(9));
        Assert.Equal(1, Number("SELECT count(*) FROM sessions"));
        // Up to 1024 free pages of 4 KiB are kept for what comes.
        Assert.InRange(Number("PRAGMA page_count"), 1, 1100);
    }

    [Fact]
    public void A_session_that_is_written_twice_counts_once()
    {
        using var database = JournalDatabase.Open(_folder.Options());
        database.Write([Row(Noon, 1), Row(Noon, 2)]);
        database.Write([Row(Noon, 2), Row(Noon, 3)]);
        Assert.Equal(3, Number("SELECT count(*) FROM sessions"));
        Assert.Equal(3, Number("SELECT sum(attempts) FROM totals"));
        Assert.Equal(3, Number("SELECT sum(attempts) FROM senders"));
    }

    [Fact]
    public void The_columns_are_there_to_search_by()
    {
        using (var database = JournalDatabase.Open(_folder.Options()))
            database.Write([new(Rich(Noon))]);
        Assert.Equal(
            $"{IdAt(Noon)}|192.0.2.20||fail|client.example|standard|reject|require-sender-domain|sender-nodomain|1|1|1",
            Text("SELECT concat_ws('|', id, client, ifnull(name, ''), iprev, helo, profile, decision, decided_by, reason, messages, delivered, refused) FROM sessions"));
        Assert.Equal("wal", Text("PRAGMA journal_mode"));
        Assert.Equal(JournalSchema.Newest, Number("PRAGMA user_version"));
    }

    [Fact]
    public void Only_its_owner_and_group_may_read_it()
    {
        using var database = JournalDatabase.Open(_folder.Options());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_folder.File) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite));
    }

    [Fact]
    public void A_database_of_something_else_is_left_alone()
    {
        using (var other = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            other.Open();
            other.Execute("CREATE TABLE queue (id)");
        }
        var before = File.ReadAllBytes(_folder.File);
        Assert.Contains("the database of another program", Assert.Throws<JournalException>(() => JournalDatabase.Open(_folder.Options())).Message, StringComparison.Ordinal);
        Assert.Contains("the database of another program", Assert.Throws<JournalException>(() => JournalReader.Open(_folder.File)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.File));
    }

    [Fact]
    public void A_journal_of_a_newer_version_is_left_alone()
    {
        JournalDatabase.Open(_folder.Options()).Dispose();
        using (var newer = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            newer.Open();
            newer.Execute("PRAGMA user_version = 99");
        }
        Assert.Contains("newer version", Assert.Throws<JournalException>(() => JournalDatabase.Open(_folder.Options())).Message, StringComparison.Ordinal);
    }

    private string? Text(string sql)
    {
        using var reader = JournalReader.Open(_folder.File);
        using var command = reader.Connection.Command(sql);
        return command.ExecuteScalar() as string;
    }
}
