using Microsoft.Data.Sqlite;

namespace Gateway.Server.Journal;

/// <summary>Puts a session into the tables, and counts it.</summary>
internal sealed class SessionInsert(SqliteConnection connection) : IDisposable
{
    // Combinations of findings are few; the bound is for whoever finds a way to make them many.
    private const int MaxKnown = 10_000;

    private readonly Dictionary<(string Profile, bool IsIPv6, string Findings), long> _known = [];

    private readonly WordBook _words = new(connection);

    private readonly Statement _session = new(connection,
        """
        INSERT OR IGNORE INTO sessions
            (id, started, client, name, iprev, helo, profile, decision, decided_by, reason, messages, delivered, refused, document, user)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """, 15);

    private readonly Statement _findings = new(connection,
        """
        INSERT INTO findings (profile, family, findings) VALUES (?1, ?2, ?3)
        ON CONFLICT DO UPDATE SET family = family RETURNING id
        """, 3);

    private readonly Statement _total = new(connection,
        """
        INSERT INTO totals (hour, findings, sessions, attempts, delivered, refused, in_doubt, deferred) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT DO UPDATE SET sessions = sessions + excluded.sessions, attempts = attempts + excluded.attempts,
            delivered = delivered + excluded.delivered, refused = refused + excluded.refused, in_doubt = in_doubt + excluded.in_doubt,
            deferred = deferred + excluded.deferred
        """, 8);

    private readonly Statement _sender = new(connection,
        """
        INSERT INTO senders (hour, findings, client, name, is_confirmed, domain, attempts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT DO UPDATE SET attempts = attempts + excluded.attempts
        """, 7);

    private readonly Statement _user = new(connection,
        """
        INSERT INTO users (hour, user, client, sessions, messages, recipients, octets, failures) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT DO UPDATE SET sessions = sessions + excluded.sessions, messages = messages + excluded.messages,
            recipients = recipients + excluded.recipients, octets = octets + excluded.octets, failures = failures + excluded.failures
        """, 8);

    public void Run(SqliteTransaction transaction, SessionRow row)
    {
        var (session, verdict) = (row.Document, row.Document.Verdict);
        var inserted = _session.Run(transaction,
            session.Id, row.Started, session.Client, session.Name, session.Iprev, session.Helo, session.Profile,
            verdict?.Decision, verdict?.Check, verdict?.Reason, session.Messages, session.Delivered, row.Refused, row.Json, session.User);
        // A batch that is written again, because nobody knows whether the disk had it, is counted once.
        if (inserted == 0)
            return;
        for (var i = 0; i < row.Attempts.Count; i++)
            Count(transaction, row, row.Attempts[i], isFirst: i == 0);
        foreach (var login in row.Logins)
            _user.Run(transaction,
                row.Hour, _words.IdOf(transaction, login.User, row.Hour), _words.IdOf(transaction, session.Client, row.Hour),
                login.Sessions, login.Volume.Messages, login.Volume.Recipients, login.Volume.Octets, login.Failures);
    }

    private void Count(SqliteTransaction transaction, SessionRow row, Attempt attempt, bool isFirst)
    {
        var findings = IdOf(transaction, (row.Document.Profile, row.IsIPv6, attempt.Findings));
        _total.Run(transaction, row.Hour, findings, isFirst ? 1 : 0, attempt.Count, attempt.Delivered, attempt.Refused, attempt.InDoubt, attempt.Deferred);
        if (!attempt.IsSuspect)
            return;
        _sender.Run(transaction,
            row.Hour, findings, _words.IdOf(transaction, row.Document.Client, row.Hour), _words.IdOf(transaction, row.Name, row.Hour),
            row.IsConfirmed ? 1 : 0, _words.IdOf(transaction, attempt.Domain, row.Hour), attempt.Count);
    }

    private long IdOf(SqliteTransaction transaction, (string Profile, bool IsIPv6, string Findings) key)
    {
        if (_known.TryGetValue(key, out var id))
            return id;
        if (_known.Count >= MaxKnown)
            _known.Clear();
        return _known[key] = _findings.Number(transaction, key.Profile, key.IsIPv6 ? 6 : 4, key.Findings);
    }

    public void Dispose()
    {
        _words.Dispose();
        _session.Dispose();
        _findings.Dispose();
        _total.Dispose();
        _sender.Dispose();
        _user.Dispose();
    }
}
