using Microsoft.Data.Sqlite;

namespace Gateway.Server.Journal;

/// <summary>
/// The shape of the database, and how an older one becomes the newest: the one place for both. <c>user_version</c> counts the
/// steps that a file has behind it; <c>application_id</c> says that it is a journal at all.
/// </summary>
internal static class JournalSchema
{
    /// <summary>"Gwjl", so that no other program's database is taken for a journal, or spoilt.</summary>
    private const long ApplicationId = 0x47776A6C;

    // A step is never changed once it was released: another one follows it.
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE sessions (
            number     INTEGER PRIMARY KEY,
            id         TEXT NOT NULL UNIQUE,
            started    INTEGER NOT NULL,
            client     TEXT NOT NULL,
            name       TEXT,
            iprev      TEXT,
            helo       TEXT,
            profile    TEXT NOT NULL,
            decision   TEXT,
            decided_by TEXT,
            reason     TEXT,
            messages   INTEGER NOT NULL,
            delivered  INTEGER NOT NULL,
            refused    INTEGER NOT NULL,
            document   TEXT NOT NULL
        ) STRICT;
        CREATE INDEX sessions_by_start ON sessions (started);
        CREATE INDEX sessions_by_client ON sessions (client, started);

        CREATE TABLE findings (
            id       INTEGER PRIMARY KEY,
            profile  TEXT NOT NULL,
            family   INTEGER NOT NULL,
            findings TEXT NOT NULL,
            UNIQUE (profile, family, findings)
        ) STRICT;
        CREATE TABLE totals (
            hour      INTEGER NOT NULL,
            findings  INTEGER NOT NULL,
            sessions  INTEGER NOT NULL,
            attempts  INTEGER NOT NULL,
            delivered INTEGER NOT NULL,
            refused   INTEGER NOT NULL,
            PRIMARY KEY (hour, findings)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE words (
            id   INTEGER PRIMARY KEY,
            word TEXT NOT NULL UNIQUE,
            seen INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX words_by_age ON words (seen);
        CREATE TABLE senders (
            hour         INTEGER NOT NULL,
            findings     INTEGER NOT NULL,
            client       INTEGER NOT NULL,
            name         INTEGER NOT NULL,
            is_confirmed INTEGER NOT NULL,
            domain       INTEGER NOT NULL,
            attempts     INTEGER NOT NULL,
            PRIMARY KEY (hour, findings, client, name, is_confirmed, domain)
        ) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE sessions ADD COLUMN user TEXT;
        CREATE INDEX sessions_by_user ON sessions (user, started) WHERE user IS NOT NULL;
        CREATE TABLE users (
            hour       INTEGER NOT NULL,
            user       INTEGER NOT NULL,
            client     INTEGER NOT NULL,
            sessions   INTEGER NOT NULL,
            messages   INTEGER NOT NULL,
            recipients INTEGER NOT NULL,
            octets     INTEGER NOT NULL,
            failures   INTEGER NOT NULL,
            PRIMARY KEY (hour, user, client)
        ) STRICT, WITHOUT ROWID;
        """,
        "ALTER TABLE totals ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 0;",
        // A message in doubt was always answered with 451. Of the other refusals nobody counted which were 4yz replies.
        """
        ALTER TABLE totals ADD COLUMN deferred INTEGER NOT NULL DEFAULT 0;
        UPDATE totals SET deferred = in_doubt WHERE in_doubt > 0;
        """,
    ];

    /// <summary>The version from which on users are counted: an older file that no gateway has opened since has none.</summary>
    public const int CountsUsers = 2;

    /// <summary>The version from which on messages in doubt are counted.</summary>
    public const int CountsInDoubt = 3;

    /// <summary>The version from which on 4yz replies are counted apart from 5yz replies.</summary>
    public const int CountsDeferred = 4;

    public static int Newest => Steps.Length;

    /// <summary>Makes a new journal, or brings an older one up to date.</summary>
    /// <exception cref="JournalException">The file is something else, or newer than this program.</exception>
    public static void Prepare(SqliteConnection connection)
    {
        var version = VersionOf(connection);
        if (version == 0)
        {
            // Before the first table; afterwards it would take a VACUUM of the whole file.
            connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
        }
        // docs/decisions/004: the journal is no queue. NORMAL cannot corrupt a file in WAL mode; a power cut may cost the last commits.
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216");
        if (version == Newest)
            return;
        using var transaction = connection.BeginTransaction();
        foreach (var step in Steps.Skip(version))
            connection.Execute(step);
        connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Newest}");
        transaction.Commit();
    }

    /// <summary>0 for an empty file.</summary>
    /// <exception cref="JournalException">The file is something else, or newer than this program.</exception>
    public static int VersionOf(SqliteConnection connection)
    {
        if (connection.Number("SELECT count(*) FROM sqlite_schema") == 0)
            return 0;
        if (connection.Number("PRAGMA application_id") != ApplicationId)
            throw new JournalException($"{connection.DataSource} is the database of another program, not a journal");
        var version = (int)connection.Number("PRAGMA user_version");
        return version <= Newest ? version
            : throw new JournalException($"{connection.DataSource} was written by a newer version of this program");
    }
}
