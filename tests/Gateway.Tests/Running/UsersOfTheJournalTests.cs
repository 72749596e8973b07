using Gateway.Explaining;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Gateway.Server.Journal.Statistics;
using Microsoft.Data.Sqlite;
using Spectre.Console;
using static Gateway.Tests.Sessions;

namespace Gateway.Tests.Running;

public sealed class UsersOfTheJournalTests : IDisposable
{
    private readonly JournalFolder _folder = new();
    private int _number;

    public void Dispose() => _folder.Dispose();

    private SessionStory Session(string client, string? user, int messages, params string[] failed)
    {
        var session = Empty(Noon, ++_number, client);
        foreach (var name in failed)
            session.LoginFailed(name);
        session.User = user;
        for (var i = 0; i < messages; i++)
            session.Delivers("example.org");
        return session;
    }

    private void Write(params SessionRecord[] sessions)
    {
        using var database = JournalDatabase.Open(_folder.Options());
        database.Write([.. sessions.Select(session => new SessionRow(session))]);
    }

    private IReadOnlyList<UserCount> Users(int most = 10) =>
        _folder.Read(journal => StatisticsQuery.Run(journal, Noon, Noon.AddHours(1), null, most)).Users;

    [Fact]
    public void Volume_addresses_and_failures_are_counted_for_each_user()
    {
        Write(
            Session("192.0.2.1", "guest", 3),
            Session("192.0.2.2", "guest", 2, "guest", "guest"),
            Session("192.0.2.3", null, 1, "root", "admin", "root"),
            Session("192.0.2.4", "ann", 1),
            Session("192.0.2.5", null, 7));

        Assert.Equal(["guest 2 5 5 6170 2 2", "ann 1 1 1 1234 0 1", "root 0 0 0 0 2 1", "admin 0 0 0 0 1 1"], Users().Select(user =>
            $"{user.User} {user.Sessions} {user.Messages} {user.Recipients} {user.Octets} {user.FailedLogins} {user.ClientCount}"));
        Assert.Equal([new("192.0.2.2", 4), new("192.0.2.1", 3)], Users()[0].Clients);
        Assert.Equal("guest", Assert.Single(Users(1)).User);
    }

    [Fact]
    public void The_session_tells_who_it_was_and_who_it_was_not()
    {
        var document = SessionDescription.Of(Session("192.0.2.1", "ann", 2, "bob", "bob"));
        Assert.Equal(("ann", new VolumeDocument(2, 2, 2468), 2), (document.User, document.UserVolume, document.FailedLogins));
        Assert.Equal(["bob"], document.FailedNames);

        var shown = Shown(console => SessionView.Write(console, document));
        Assert.Contains("ann, 2 delivered to 2 recipients, 2,468 octets", shown, StringComparison.Ordinal);
        Assert.Contains("2 failed, as bob", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_strangers_typed_harm_no_terminal()
    {
        const string hostile = "\u001b[31m[red]evil[/]\u202e" + "\u00e9";
        Write(Session("192.0.2.1", null, 0, hostile, new string('x', 255)));
        var shown = Shown(console => UsersView.Write(console, Users()));
        Assert.Contains("\\u001b[31m[red]evil[/]\\u202e\\u00e9", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown);
        Assert.Contains(new string('x', 33) + "...", shown, StringComparison.Ordinal);
        Assert.All(shown.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
        var session = Shown(console => SessionView.Write(console, SessionDescription.Of(Session("192.0.2.1", hostile, 0, hostile))));
        Assert.DoesNotContain('\u001b', session);
    }

    [Fact]
    public void A_journal_of_the_version_before_is_read_and_brought_up_to_date()
    {
        Write(Session("192.0.2.1", null, 1));
        using (var old = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            old.Open();
            old.Execute("DROP TABLE users; DROP INDEX sessions_by_user; ALTER TABLE sessions DROP COLUMN user; ALTER TABLE totals DROP COLUMN in_doubt; ALTER TABLE totals DROP COLUMN deferred; PRAGMA user_version = 1");
        }
        Assert.Empty(Users());
        Write(Session("192.0.2.2", "ann", 1));
        Assert.Equal("ann", Assert.Single(Users()).User);
        Assert.Equal(2, _folder.Count);
    }

    [Fact]
    public void Users_go_with_their_hour()
    {
        using var database = JournalDatabase.Open(_folder.Options(TimeSpan.FromDays(1)));
        database.Write([new SessionRow(Session("192.0.2.1", "ann", 1))]);
        while (database.Trim(Noon.AddDays(3)))
        {
        }
        Assert.Empty(Users());
        Assert.Equal(0, _folder.Read(journal => journal.Connection.Number("SELECT count(*) FROM words")));
    }

    private static string Shown(Action<IAnsiConsole> write)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 80;
        write(console);
        return output.ToString();
    }
}
