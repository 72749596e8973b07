using Gateway.Policy;
using Gateway.Policy.Profiles;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Gateway.Server.Journal.Statistics;
using Gateway.Smtp;
using Gateway.Tests;
using Microsoft.Data.Sqlite;
using static Gateway.Tests.Sessions;

namespace Gateway.Server.Tests.Journal.Statistics;

public sealed class StatisticsTests : IDisposable
{
    private static readonly Finding PtrIsThere = Found("require-ptr", CheckMode.Enforce, Decision.Continue);
    private static readonly Finding Mismatch = Found("require-fcrdns", CheckMode.Monitor, Decision.Reject, "rdns-mismatch");
    private static readonly Finding Unsettled = Found("require-fcrdns", CheckMode.Monitor, Decision.Defer, "rdns-temp");
    private static readonly Finding BadHelo = Found("require-helo-fqdn", CheckMode.Monitor, Decision.Reject, "helo-badname");
    private static readonly Finding NoPtr = Found("require-ptr", CheckMode.Enforce, Decision.Reject, "rdns-none");
    private static readonly Reply No = new(550, 7, 25, "no");
    private static readonly Reply Unknown = new(550, 1, 1, "unknown");
    private static readonly Reply TryAgain = new(450, 7, 25, "not now");

    private readonly JournalFolder _folder = new();
    private int _number;

    public void Dispose() => _folder.Dispose();

    private SessionStory Next(string client, int hour = 0) => Empty(Noon.AddHours(hour), ++_number, client, "standard");

    private StatisticsReport Count(Profile? profile = null, int hours = 1, int most = 10) =>
        _folder.Read(journal => StatisticsQuery.Run(journal, Noon, Noon.AddHours(hours), profile, most));

    private void Write(params SessionRecord[] sessions)
    {
        using var database = JournalDatabase.Open(_folder.Options());
        database.Write([.. sessions.Select(session => new SessionRow(session))]);
    }

    private static Profile Strict(params string[] checks) =>
        ProfileReader.Read($$"""{ "summary": "x", "checks": { {{string.Join(", ", checks.Select(check => $"\"{check}\": \"Enforce\""))}} } }""", "mine").Profile!;

    [Fact]
    public void What_was_refused_and_what_would_have_been_is_counted_for_each_check()
    {
        Write(
            Next("192.0.2.1").Delivers("example.org", PtrIsThere, Mismatch),
            Next("192.0.2.1").Delivers("example.org", PtrIsThere, Mismatch, BadHelo).Delivers("example.net", PtrIsThere, Mismatch, BadHelo),
            Next("192.0.2.2").Delivers("example.com", PtrIsThere, Unsettled),
            Next("192.0.2.3").IsRefused("example.org", No, NoPtr),
            Next("192.0.2.4").Delivers("example.org", PtrIsThere),
            Next("192.0.2.5"));

        var report = Count();

        Assert.Equal((6, 7, 5, 1), (report.Sessions, report.Attempts, report.Delivered, report.Refused));
        Assert.Equal(["require-fcrdns 0 0 3 1 4", "require-helo-fqdn 0 0 2 0 2", "require-ptr 1 0 0 0 0"], report.Checks.Select(check =>
            $"{check.Check} {check.Refused} {check.Deferred} {check.WouldRefuse} {check.WouldDefer} {check.Delivered}"));
        Assert.Equal([new("192.0.2.1", 3), new("192.0.2.2", 1)], report.Checks[0].Clients);
        Assert.Equal([new("example.org", 2), new("example.net", 1), new("example.com", 1)], report.Checks[0].Domains);
        Assert.Null(report.Hindsight);
    }

    [Fact]
    public void Another_profile_is_asked_what_it_would_have_done_and_each_attempt_counts_once()
    {
        Write(
            Next("192.0.2.1").Delivers("example.org", PtrIsThere, Mismatch, BadHelo),
            Next("192.0.2.2").Delivers("example.org", PtrIsThere, BadHelo, Unsettled),
            Next("192.0.2.3").Delivers("example.org", PtrIsThere, Unsettled),
            Next("192.0.2.4").IsRefused("example.org", No, NoPtr),
            Next("192.0.2.6").Delivers("example.org", Found("exempt", CheckMode.Enforce, Decision.Accept)));

        var report = Count(Strict("require-fcrdns", "require-helo-fqdn"));

        Assert.Equal("mine", report.Profile);
        var would = report.Hindsight!;
        // 192.0.2.2 is deferred by the first check before the second can refuse; of 192.0.2.4 nothing but the PTR was asked.
        Assert.Equal((1, 2, 3, 1), (would.Refused, would.Deferred, would.Delivered, would.Unknown));
        Assert.Equal(["require-fcrdns", "require-helo-fqdn"], would.Unasked);
        Assert.Equal("require-fcrdns 1 2", Assert.Single(report.Checks.Select(check => $"{check.Check} {check.WouldRefuse} {check.WouldDefer}")));
    }

    [Fact]
    public void A_profile_that_lets_temporary_failures_through_would_have()
    {
        Write(Next("192.0.2.3").Delivers("example.org", Unsettled));
        var lenient = ProfileReader.Read("""{ "summary": "x", "checks": { "require-fcrdns": { "mode": "Enforce", "onTemporaryFailure": "Continue" } } }""", "mine").Profile;
        Assert.Empty(Count(lenient).Checks);
    }

    [Fact]
    public void Families_are_judged_as_the_profile_judges_them()
    {
        Write(Next("192.0.2.1").Delivers("example.org", Mismatch), Next("2001:db8::1").Delivers("example.org", Mismatch));
        var profile = ProfileReader.Read("""{ "summary": "x", "checks": { "require-fcrdns": { "ipv4": "Enforce", "ipv6": "Monitor" } } }""", "mine").Profile;
        Assert.Equal([new("192.0.2.1", 1)], Assert.Single(Count(profile).Checks).Clients);
    }

    [Fact]
    public void A_refusal_in_the_greeting_counts_though_there_was_no_transaction()
    {
        var session = Next("192.0.2.7");
        session.Judged(Refused(new(554, null, "no"), NoPtr));
        session.Refused(Verb.Unknown, new(554, null, "no"));
        Write(session);
        var report = Count();
        Assert.Equal((1, 1, 0, 1), (report.Sessions, report.Attempts, report.Delivered, report.Refused));
        Assert.Equal(1, Assert.Single(report.Checks).Refused);
    }

    [Fact]
    public void Messages_in_doubt_are_counted_among_the_deferred_and_on_their_own()
    {
        Write(Next("192.0.2.1").Delivers("example.org").IsLeftInDoubt("example.org"));
        var report = Count();
        Assert.Equal((2, 1, 0, 1, 1), (report.Attempts, report.Delivered, report.Refused, report.Deferred, report.InDoubt));
    }

    [Fact]
    public void Replies_4yz_are_counted_apart_from_replies_5yz()
    {
        var greeted = Next("192.0.2.7");
        greeted.Judged(Refused(new(421, null, "not now"), NoPtr));
        greeted.Refused(Verb.Unknown, new(421, null, "not now"));
        var flood = Next("192.0.2.8");
        for (var i = 0; i < 130; i++)
            flood.IsTurnedDown("example.org", i < 120 ? TryAgain : Unknown);
        Write(
            greeted,
            flood,
            Next("192.0.2.1").IsRefused("example.org", TryAgain, NoPtr),
            Next("192.0.2.2").IsRefused("example.org", No, NoPtr),
            Next("192.0.2.3").Delivers("example.org"));
        var report = Count();
        Assert.Equal((134, 1, 11, 122), (report.Attempts, report.Delivered, report.Refused, report.Deferred));
    }

    [Fact]
    public void Relay_control_and_the_smart_host_have_rows_of_their_own()
    {
        Write(
            Next("192.0.2.1").IsRefusedBy(Refuser.RelayControl, No, No),
            Next("192.0.2.2").IsRefusedBy(Refuser.NextHop, TryAgain, Unknown, TryAgain),
            Next("192.0.2.3").IsRefusedBy(Refuser.NextHop, TryAgain),
            Next("192.0.2.4").IsTurnedDown("example.net", Unknown),
            // Refused by the gateway alone, and by nobody: neither is the smart host's.
            Next("192.0.2.5").IsRefusedBy(Refuser.Server, No),
            Next("192.0.2.6").IsLeftInDoubt("example.org"));

        var report = Count();

        Assert.Equal(["smart-host 2 1 0", "relay-control 1 0 0"], report.Checks.Select(check => $"{check.Check} {check.Refused} {check.Deferred} {check.Delivered}"));
        Assert.Equal([new("192.0.2.2", 1), new("192.0.2.3", 1), new("192.0.2.4", 1)], report.Checks[0].Clients);
        Assert.Equal([new("192.0.2.1", 1)], report.Checks[1].Clients);
    }

    [Fact]
    public void A_profile_is_not_asked_about_what_relay_control_and_the_smart_host_refused()
    {
        Write(
            Next("192.0.2.1").IsRefusedBy(Refuser.RelayControl, No),
            Next("192.0.2.4").IsTurnedDown("example.net", Unknown));
        var report = Count(Strict("require-fcrdns"));
        Assert.Empty(report.Checks);
        Assert.Equal(0, report.Hindsight!.Unknown);
    }

    [Fact]
    public void A_journal_that_did_not_tell_4yz_from_5yz_is_read_and_brought_up_to_date()
    {
        Write(Next("192.0.2.1").IsRefused("example.org", No, NoPtr).IsLeftInDoubt("example.org"));
        using (var old = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            old.Open();
            old.Execute("ALTER TABLE totals DROP COLUMN deferred; PRAGMA user_version = 3");
        }
        Assert.Equal((1, 1, 1), (Count().Refused, Count().Deferred, Count().InDoubt));
        Write(Next("192.0.2.2").IsRefused("example.org", TryAgain, NoPtr));
        Assert.Equal((1, 2, 1), (Count().Refused, Count().Deferred, Count().InDoubt));
    }

    [Fact]
    public void What_the_client_heard_counts_when_a_profile_answers_softly()
    {
        var session = Next("192.0.2.7").IsRefused("example.org", new(450, 7, 25, "not now"), NoPtr);
        Write(session);
        Assert.Equal((0, 1), (Assert.Single(Count().Checks).Refused, Count().Checks[0].Deferred));
    }

    [Fact]
    public void A_flood_in_one_session_is_counted_whole()
    {
        var session = Next("192.0.2.8");
        for (var i = 0; i < 250; i++)
            session.Delivers("example.org", Mismatch);
        Write(session);
        var report = Count();
        Assert.Equal((1, 250, 250), (report.Sessions, report.Attempts, report.Delivered));
        Assert.Equal(250, Assert.Single(report.Checks).WouldRefuse);
        Assert.Equal(250, report.Checks[0].Clients[0].Count);
    }

    [Fact]
    public void Only_the_hours_asked_for_count_and_the_report_says_how_far_back_it_can_look()
    {
        Write(
            Next("192.0.2.1", 0).Delivers("example.org", Mismatch),
            Next("192.0.2.2", 1).Delivers("example.org", Mismatch),
            Next("192.0.2.3", 2).Delivers("example.org", Mismatch));
        Assert.Equal((1, 2, 3), (Count(hours: 1).Sessions, Count(hours: 2).Sessions, Count(hours: 99).Sessions));
        var early = _folder.Read(journal => StatisticsQuery.Run(journal, Noon.AddDays(-7).AddMinutes(30), Noon.AddMinutes(30), null, 10));
        // Whole hours: the half ones at both ends count whole.
        Assert.Equal((Noon.AddDays(-7), Noon.AddHours(1), Noon), (early.From, early.Until, early.JournalBegins));
        Assert.Equal(1, early.Sessions);
    }

    [Fact]
    public void The_most_frequent_are_named_first_and_names_say_whether_they_are_confirmed()
    {
        for (var client = 1; client <= 12; client++)
            for (var times = 0; times < client; times++)
                Write(Next($"192.0.2.{client}").Delivers($"domain{client}.example", Mismatch));
        var rich = Rich(Noon, 9999);
        Write(rich);
        var check = Count(most: 3).Checks[0];
        Assert.Equal([new("192.0.2.12", 12), new("192.0.2.11", 11), new("192.0.2.10", 10)], check.Clients);
        Assert.Equal([new("", 78), new("mail.example.org", 2, IsConfirmed: false)], check.Names);
    }

    [Fact]
    public void An_empty_journal_has_nothing_to_tell()
    {
        Write();
        var report = Count();
        Assert.Null(report.JournalBegins);
        Assert.Empty(report.Checks);
    }
}
