using System.Net;
using Gateway.Lab.SmartHosts;
using Gateway.Tests;

namespace Gateway.Server.Tests.Hosting;

/// <summary>What a reload does to sessions: new ones have the new configuration, open ones keep theirs.</summary>
public sealed class ReloadTests
{
    private const string Mail = "Subject: x\r\n\r\nhello\r\n";
    private const string Judged = "Policy:ExemptPrivate=false";

    [Theory]
    [InlineData("", "HostName=other.gateway.test", "EHLO a.example", "250-mx.gateway.test", "250-other.gateway.test", "our name")]
    [InlineData("", "Limits:MessageSize=70000", "EHLO a.example", "SIZE 52428800", "SIZE 70000", "a limit")]
    [InlineData("", "Relay:AcceptedDomains:1=other.test", "RCPT TO:<bob@other.test>", "550 5.7.1", "250 2.1.5", "an accepted domain")]
    [InlineData("", "Relay:Networks:0=127.0.0.0/8", "RCPT TO:<bob@elsewhere.test>", "550 5.7.1", "250 2.1.5", "a relay network")]
    [InlineData(Judged, "Policy:ExemptPrivate=false;Listeners:0:Profile=observe", "RCPT TO:<bob@gateway.test>", "451 4.7.25", "250 2.1.5", "a profile")]
    [InlineData(Judged, "Policy:ExemptPrivate=false;Policy:Exempt:Networks:0=127.0.0.0/8", "RCPT TO:<bob@gateway.test>", "451 4.7.25", "250 2.1.5", "an exemption")]
    public async Task Each_kind_counts_for_new_sessions_and_open_ones_keep_what_they_began_with(
        string before, string after, string line, string old, string changed, string reason)
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, before.Split(';', StringSplitOptions.RemoveEmptyEntries));
        await using var open = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await open.SayAsync("MAIL FROM:<ann@example.org>");

        Assert.True(await gateway.ReloadAsync(after.Split(';')));

        await using var fresh = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await fresh.SayAsync("MAIL FROM:<ann@example.org>");
        Assert.Contains(changed, await fresh.SayAsync(line), StringComparison.Ordinal);
        Assert.Contains(old, await open.SayAsync(line), StringComparison.Ordinal);
        Assert.NotEmpty(reason);
    }

    [Fact]
    public async Task A_profile_of_a_folder_is_read_again()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-profiles-");
        try
        {
            string[] settings = [Judged, $"Policy:ProfilesFolder={folder.FullName}", "Listeners:0:Profile=mine"];
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "mine.json"), """{ "summary": "x", "checks": { "require-ptr": "Enforce" } }""", TestContext.Current.CancellationToken);
            await using var server = new ScriptedSmartHost();
            await using var gateway = await RunningGateway.StartAsync(server.Endpoint, settings);
            Assert.StartsWith("451 ", await AskAsync(gateway), StringComparison.Ordinal);

            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "mine.json"), """{ "summary": "x", "checks": { "require-ptr": "Off" } }""", TestContext.Current.CancellationToken);
            Assert.True(await gateway.ReloadAsync(settings));
            Assert.StartsWith("250 ", await AskAsync(gateway), StringComparison.Ordinal);

            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "mine.json"), "{ nonsense", TestContext.Current.CancellationToken);
            Assert.False(await gateway.ReloadAsync(settings));
            Assert.StartsWith("250 ", await AskAsync(gateway), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> AskAsync(RunningGateway gateway)
    {
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await client.SayAsync("MAIL FROM:<ann@example.org>");
        return await client.SayAsync("RCPT TO:<bob@gateway.test>");
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_to_new_sessions_and_open_ones_are_shown_theirs()
    {
        using var old = LabCertificate.Create("old.gateway.test", TimeProvider.System.GetUtcNow().AddDays(-1));
        using var renewed = LabCertificate.Create("new.gateway.test", TimeProvider.System.GetUtcNow().AddDays(-1));
        string[] settings = [$"Tls:CertificateFile={old.CertificateFile}", $"Tls:KeyFile={old.KeyFile}"];
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, settings);
        await using var open = await SmtpTalk.GreetedAsync(gateway.Endpoint);

        File.Copy(renewed.CertificateFile, old.CertificateFile, overwrite: true);
        Assert.False(await gateway.ReloadAsync(settings));
        File.Copy(renewed.KeyFile, old.KeyFile, overwrite: true);
        Assert.True(await gateway.ReloadAsync(settings));

        await using var fresh = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        Assert.Equal("CN=new.gateway.test", await ShownToAsync(fresh));
        Assert.Equal("CN=old.gateway.test", await ShownToAsync(open));
    }

    private static async Task<string> ShownToAsync(SmtpTalk client)
    {
        Assert.StartsWith("220 ", await client.SayAsync("STARTTLS"), StringComparison.Ordinal);
        return (await client.SecureAsync()).Subject;
    }

    [Fact]
    public async Task Users_come_with_a_reload_and_their_guesses_stay_when_they_go_and_come_again()
    {
        using var certificate = LabCertificate.Create("mx.gateway.test", TimeProvider.System.GetUtcNow().AddDays(-1));
        using var users = new UsersFolder(("ann", "secret"));
        using var others = new UsersFolder(("bob", "letmein"));
        string[] tls = [$"Tls:CertificateFile={certificate.CertificateFile}", $"Tls:KeyFile={certificate.KeyFile}"];
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, tls);
        Assert.StartsWith("502 ", await LogInAsync(gateway, "ann", "secret"), StringComparison.Ordinal);

        Assert.True(await gateway.ReloadAsync([.. tls, $"Users:File={users.File}"]));
        Assert.StartsWith("235 ", await LogInAsync(gateway, "ann", "secret"), StringComparison.Ordinal);
        var logins = gateway.Snapshot.Listeners[0].Logins!;

        Assert.True(await gateway.ReloadAsync(tls));
        Assert.Null(gateway.Snapshot.Listeners[0].Logins);
        Assert.True(await gateway.ReloadAsync([.. tls, $"Users:File={users.File}"]));
        Assert.Same(logins, gateway.Snapshot.Listeners[0].Logins);

        Assert.True(await gateway.ReloadAsync([.. tls, $"Users:File={others.File}"]));
        Assert.StartsWith("235 ", await LogInAsync(gateway, "bob", "letmein"), StringComparison.Ordinal);

        await File.AppendAllTextAsync(others.File, "nonsense\n", TestContext.Current.CancellationToken);
        Assert.False(await gateway.ReloadAsync([.. tls, $"Users:File={others.File}"]));
        Assert.StartsWith("235 ", await LogInAsync(gateway, "bob", "letmein"), StringComparison.Ordinal);
    }

    private static async Task<string> LogInAsync(RunningGateway gateway, string name, string password)
    {
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await ShownToAsync(client);
        await client.SayAsync("EHLO client.example");
        return await client.SayAsync("AUTH PLAIN " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"\0{name}\0{password}")));
    }

    [Fact]
    public async Task A_connection_counts_on_and_a_limit_holds_for_those_who_come_after_it()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint, "Limits:ConnectionsPerClient=2");
        await using var open = await SmtpTalk.GreetedAsync(gateway.Endpoint);

        Assert.True(await gateway.ReloadAsync("Limits:ConnectionsPerClient=1"));

        await using var second = await SmtpTalk.ConnectAsync(gateway.Endpoint);
        Assert.StartsWith("421 ", await second.HearAsync(), StringComparison.Ordinal);
        Assert.StartsWith("250 ", await open.SayAsync("NOOP"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unchanged_smart_host_keeps_its_connections_and_what_it_said_of_recipients()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        Assert.StartsWith("250 ", await PostAsync(gateway), StringComparison.Ordinal);
        var (connections, questions) = (server.Connections, server.Count("RCPT"));

        // None of this is about how the server is reached.
        Assert.True(await gateway.ReloadAsync("Delivery:Deadline=00:01:00", "Dns:Servers:0=127.0.0.2:9", "SmartHosts:0:Domains:0=gateway.test"));

        Assert.StartsWith("250 ", await PostAsync(gateway), StringComparison.Ordinal);
        Assert.Equal((connections, questions + 1), (server.Connections, server.Count("RCPT")));
    }

    [Fact]
    public async Task A_smart_host_with_other_bounds_gets_new_connections_and_keeps_what_it_said_of_recipients()
    {
        await using var server = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(server.Endpoint);
        Assert.StartsWith("250 ", await PostAsync(gateway), StringComparison.Ordinal);
        var (connections, questions) = (server.Connections, server.Count("RCPT"));

        Assert.True(await gateway.ReloadAsync("SmartHosts:0:MaxConnections=50"));
        await server.HearsAsync("QUIT", connections);

        Assert.StartsWith("250 ", await PostAsync(gateway), StringComparison.Ordinal);
        Assert.Equal((connections + 1, questions + 1), (server.Connections, server.Count("RCPT")));
    }

    [Fact]
    public async Task The_connections_of_a_removed_smart_host_are_closed_and_a_session_that_began_with_it_still_reaches_it()
    {
        await using var first = new ScriptedSmartHost();
        await using var second = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(first.Endpoint);
        await using var open = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await open.PostAsync(Mail, "bob@gateway.test");
        Assert.StartsWith("250 ", await open.HearAsync(), StringComparison.Ordinal);
        var kept = first.Connections;

        Assert.True(await gateway.ReloadAsync($"SmartHosts:0:Port={second.Endpoint.Port}"));
        await first.HearsAsync("QUIT", kept);
        Assert.StartsWith("250 ", await PostAsync(gateway), StringComparison.Ordinal);
        Assert.Single(second.Messages);

        await open.PostAsync(Mail, "bob@gateway.test");
        Assert.StartsWith("250 ", await open.HearAsync(), StringComparison.Ordinal);
        Assert.Equal(2, first.Messages.Count);
        await first.HearsAsync("QUIT", first.Connections);
    }

    private static async Task<string> PostAsync(RunningGateway gateway)
    {
        await using var client = await SmtpTalk.GreetedAsync(gateway.Endpoint);
        await client.PostAsync(Mail, "bob@gateway.test");
        var fate = await client.HearAsync();
        await client.SayAsync("QUIT");
        return fate;
    }

    [Fact]
    public async Task Reloads_under_load_lose_no_message_and_leave_nothing_behind()
    {
        const int clients = 8, messages = 25, reloads = 60;
        await using var first = new ScriptedSmartHost();
        await using var second = new ScriptedSmartHost();
        await using var gateway = await RunningGateway.StartAsync(first.Endpoint);
        var beginning = new WeakReference(gateway.Snapshot);

        var load = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < messages; i++)
                Assert.StartsWith("250 ", await PostAsync(gateway), StringComparison.Ordinal);
        })));
        for (var i = 0; i < reloads; i++)
        {
            // Another server, other bounds, mistakes, and back.
            Assert.Equal(i % 4 != 3, await gateway.ReloadAsync((i % 4) switch
            {
                0 => [$"SmartHosts:0:Port={second.Endpoint.Port}"],
                1 => ["SmartHosts:0:MaxConnections=5", "Limits:Recipients=200"],
                2 => [],
                _ => ["HostName=-"],
            }));
        }
        await load;

        Assert.Equal(clients * messages, first.Messages.Count + second.Messages.Count);
        for (var i = 0; i < clients * messages; i++)
            Assert.Equal(Gateway.Smtp.SessionEnd.Quit, (await gateway.EndedAsync()).End);
        // Everything that was not kept is closed: all but what the last configuration may use.
        Assert.True(await gateway.ReloadAsync($"SmartHosts:0:Port={IPEndPoint.MinPort + 9}"));
        await first.HearsAsync("QUIT", first.Connections);
        await second.HearsAsync("QUIT", second.Connections);
        Assert.True(await IsCollectedAsync(beginning), "a snapshot that nobody uses any more is still held");
    }

    // Also by a machine that is slow to let go of its last sockets.
    private static async Task<bool> IsCollectedAsync(WeakReference reference)
    {
        for (var i = 0; i < 600 && reference.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        return !reference.IsAlive;
    }
}
