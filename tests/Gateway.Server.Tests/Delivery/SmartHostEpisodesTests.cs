using Gateway.Lab.Conversations;
using Gateway.Server.Configuration;
using Gateway.Server.Delivery;
using Gateway.Smtp;
using Gateway.Tests;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Delivery;

public sealed class SmartHostEpisodesTests
{
    private static readonly Reply Required = new(530, 7, 0, "Authentication\u001b required");

    private readonly Lines _log = new();
    private readonly StagedTime _time = new(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void What_keeps_mail_from_flowing_is_said_once_and_its_end_too()
    {
        var episodes = Of();
        for (var i = 0; i < 3; i++)
            episodes.Unusable(Lease.None("connection refused"));
        _time.Advance(SmartHostEpisodes.Calm);
        episodes.MailAccepted();
        episodes.MailAccepted();
        episodes.Unusable(Lease.None("connection refused"));

        Assert.Collection(_log.Written,
            line => Assert.StartsWith("Warning smart host 10.0.0.5:25 is unavailable: connection refused.", line, StringComparison.Ordinal),
            line => Assert.Equal("Information smart host 10.0.0.5:25 accepts mail again", line),
            line => Assert.StartsWith("Warning ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_demand_for_authentication_names_the_keys_to_set_and_what_was_said()
    {
        var episodes = Of();
        episodes.WantsAuthentication(Required);
        episodes.WantsAuthentication(Required);

        var line = Assert.Single(_log.Written);
        Assert.StartsWith("Warning smart host 10.0.0.5:25 requires authentication", line, StringComparison.Ordinal);
        Assert.Contains("\"530 5.7.0 Authentication? required\"", line, StringComparison.Ordinal);
        Assert.Contains("Set SmartHosts[2].UserName and SmartHosts[2].Password", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_login_that_is_refused_names_the_user_and_never_the_password()
    {
        Of("SmartHosts:0:Tls=Required", "SmartHosts:0:UserName=gw", "SmartHosts:0:Password=hush").Unusable(Lease.None("refused us", new(535, 7, 8, "Wrong")));

        var line = Assert.Single(_log.Written);
        Assert.Contains("refused the login of gw: it said \"535 5.7.8 Wrong\"", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", line, StringComparison.Ordinal);
    }

    [Fact]
    public void An_outage_goes_on_under_another_configuration_and_ends_once()
    {
        var before = Of();
        before.Unusable(Lease.None("connection refused"));
        var after = Of(before);
        after.Unusable(Lease.None("connection refused"));
        _time.Advance(SmartHostEpisodes.Calm);
        after.MailAccepted();
        before.MailAccepted();

        Assert.Equal(["Warning", "Information"], _log.Written.Select(static line => line.Split(' ')[0]));
    }

    [Fact]
    public void Whether_another_login_is_taken_is_another_question()
    {
        var before = Of("SmartHosts:0:Tls=Required", "SmartHosts:0:UserName=gw", "SmartHosts:0:Password=hush");
        before.Unusable(Lease.None("refused us", new(535, 7, 8, "Wrong")));
        Of(before, "SmartHosts:0:Tls=Required", "SmartHosts:0:UserName=gw", "SmartHosts:0:Password=hush").Unusable(Lease.None("refused us", new(535, 7, 8, "Wrong")));
        Assert.Single(_log.Written);
        Of(before, "SmartHosts:0:Tls=Required", "SmartHosts:0:UserName=gw", "SmartHosts:0:Password=other").Unusable(Lease.None("refused us", new(535, 7, 8, "Wrong")));
        Assert.Equal(2, _log.Written.Count);
    }

    [Fact]
    public void Messages_in_doubt_are_one_warning_and_an_outage_behind_them_is_another()
    {
        var episodes = Of();
        episodes.LeavesInDoubt("end of data: cancelled");
        episodes.LeavesInDoubt("end of data: cancelled");
        episodes.Unusable(Lease.None("connection refused"));
        episodes.LeavesInDoubt("end of data: cancelled");

        Assert.Collection(_log.Written,
            line => Assert.StartsWith("Warning smart host 10.0.0.5:25 got a whole message, but its reply did not arrive: end of data: cancelled.", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Warning smart host 10.0.0.5:25 is unavailable: connection refused.", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_smart_host_that_refuses_new_connections_while_the_open_ones_carry_mail_is_one_outage()
    {
        var episodes = Of();
        for (var second = 0; second < 300; second++)
        {
            episodes.Unusable(Lease.None("421 too many connections"));
            Assert.True(episodes.IsUnreachable);
            episodes.MailAccepted();
            episodes.Reached();
            Assert.False(episodes.IsUnreachable);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.StartsWith("Warning ", Assert.Single(_log.Written), StringComparison.Ordinal);

        _time.Advance(SmartHostEpisodes.Calm);
        episodes.MailAccepted();
        Assert.Equal("Information smart host 10.0.0.5:25 accepts mail again", _log.Written[^1]);
        Assert.Equal(2, _log.Written.Count);
    }

    [Fact]
    public void A_login_that_is_refused_by_turns_is_one_warning_and_a_connection_alone_does_not_end_it()
    {
        var episodes = Of();
        for (var i = 0; i < 3; i++)
        {
            episodes.WantsAuthentication(Required);
            Assert.True(episodes.WantsLogin);
            episodes.MailAccepted();
            Assert.False(episodes.WantsLogin);
        }
        episodes.WantsAuthentication(Required);
        _time.Advance(SmartHostEpisodes.Calm);
        episodes.Reached();
        Assert.True(episodes.WantsLogin);
        Assert.Single(_log.Written);
        episodes.MailAccepted();
        Assert.Equal(2, _log.Written.Count);
    }

    [Fact]
    public void An_outage_that_follows_a_refused_login_is_told_once_the_login_has_worked()
    {
        var episodes = Of();
        episodes.WantsAuthentication(Required);
        episodes.Unusable(Lease.None("connection refused"));
        Assert.Single(_log.Written);
        episodes.MailAccepted();
        episodes.Unusable(Lease.None("connection refused"));
        Assert.Equal(2, _log.Written.Count);
        Assert.True(episodes.IsUnreachable);
    }

    [Fact]
    public async Task The_fate_of_the_message_tells_it_to_explain()
    {
        await using var server = new ScriptedSmartHost { Answers = static (_, asked) => asked == "MAIL" ? "530 5.7.0 Authentication required" : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);

        var result = await host.SendAsync();

        Assert.StartsWith("451 4.3.5 ", result.Reply.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            "the smart host requires authentication: 530 5.7.0 Authentication required; set SmartHosts[0].UserName and SmartHosts[0].Password", result.Note);
    }

    private SmartHostEpisodes Of(params string[] settings) => Of(null, settings);

    private SmartHostEpisodes Of(SmartHostEpisodes? before, params string[] settings) => new(
        ConfigurationLoader.Load(null, ["HostName=mx.gateway.test", "Relay:AcceptedDomains:0=gateway.test", "SmartHosts:0:Host=10.0.0.5", .. settings]).SmartHosts[0],
        2, () => _log, _time, before);

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add($"{logLevel} {formatter(state, exception)}");
    }
}
