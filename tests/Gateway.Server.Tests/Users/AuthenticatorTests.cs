using System.Net;
using Gateway.Lab.Conversations;
using Gateway.Server.Users;
using Gateway.Tests;
using Microsoft.Extensions.Logging;
using static Gateway.Tests.UsersFolder;

namespace Gateway.Server.Tests.Users;

public sealed class AuthenticatorTests : IDisposable
{
    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Abroad = IPAddress.Parse("198.51.100.1");

    private readonly UsersFolder _folder = new(("ann", "secret"), ("bob", "letmein"));
    private readonly StagedTime _time = new(new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly Authenticator _logins;

    public AuthenticatorTests() => _logins = new(_folder.File, _time);

    public void Dispose() => _folder.Dispose();

    private Task<LoginOutcome> Login(IPAddress client, string name, string password) =>
        _logins.LoginAsync(client, Says(name, password), TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1));

    /// <summary>A wrong one, waited for by moving the clock; the wait began before this returns to who asked.</summary>
    private async Task<LoginOutcome> Wrong(IPAddress client, string name, string password = "wrong", int seconds = 30)
    {
        var answer = Login(client, name, password);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return await answer;
    }

    [Theory]
    [InlineData("ann", "secret", LoginResult.Accepted, "ann")]
    [InlineData("ANN", "secret", LoginResult.Accepted, "ann")]
    [InlineData("ann", "letmein", LoginResult.Wrong, "ann")]
    [InlineData("ann", "secret ", LoginResult.Wrong, "ann")]
    [InlineData("eve", "secret", LoginResult.Wrong, "eve")]
    [InlineData("eve+x_y-z@example.com", "secret", LoginResult.Wrong, "eve+x_y-z@example.com")]
    [InlineData("EXAMPLE\\eve", "secret", LoginResult.Wrong, "EXAMPLE\\eve")]
    [InlineData("j\u00f6rg", "secret", LoginResult.Wrong, "j\u00f6rg")]
    [InlineData("s3cr$t!", "s3cr$t!", LoginResult.Wrong, Authenticator.NoName)]
    [InlineData("correct horse", "eve", LoginResult.Wrong, Authenticator.NoName)]
    [InlineData("a0123456789012345678901234567890123456789012345678901234567890123", "eve", LoginResult.Wrong, Authenticator.NoName)]
    public async Task The_right_password_of_the_right_user_is_accepted_and_what_is_nobodys_name_is_not_repeated(string name, string password, LoginResult result, string user)
    {
        var answer = Login(Home, name, password);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new LoginOutcome(result, user), await answer);
    }

    [Fact]
    public async Task Each_wrong_password_waits_longer_and_a_right_one_never_waits()
    {
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            var wrong = Login(Home, "ann", "wrong");
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            // While it waits, another one is answered; the clock stands still.
            Assert.Equal(LoginResult.Accepted, (await Login(Home, "bob", "letmein")).Result);
            Assert.False(wrong.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(LoginResult.Wrong, (await wrong).Result);
        }
    }

    [Fact]
    public async Task An_address_that_guesses_is_not_heard_and_others_are()
    {
        for (var i = 0; i < 10; i++)
            Assert.Equal(LoginResult.Wrong, (await Wrong(Abroad, "ann")).Result);
        Assert.Equal(LoginResult.TooMany, (await Login(Abroad, "ann", "secret")).Result);
        // Strangers who fail on her name do not lock her out, nor the other users of their address.
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "ann", "secret")).Result);
        Assert.Equal(LoginResult.Accepted, (await Login(Abroad, "bob", "letmein")).Result);

        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(LoginResult.Accepted, (await Login(Abroad, "ann", "secret")).Result);
    }

    [Fact]
    public async Task An_address_that_guesses_on_many_names_is_not_heard_at_all()
    {
        // No longer than each has to wait: all of them within the quarter of an hour that counts.
        for (var i = 0; i < 30; i++)
            Assert.Equal(LoginResult.Wrong, (await Wrong(Abroad, $"user{i}", seconds: Math.Min(1 << Math.Min(i, 5), 30))).Result);
        Assert.Equal(LoginResult.TooMany, (await Login(Abroad, "ann", "secret")).Result);
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "ann", "secret")).Result);
    }

    [Fact]
    public async Task An_IPv6_client_is_its_network()
    {
        for (var i = 0; i < 10; i++)
            await Wrong(IPAddress.Parse($"2001:db8::{i:x}"), "ann");
        Assert.Equal(LoginResult.TooMany, (await Login(IPAddress.Parse("2001:db8::ffff"), "ann", "secret")).Result);
        Assert.Equal(LoginResult.Accepted, (await Login(IPAddress.Parse("2001:db8:0:1::1"), "ann", "secret")).Result);
    }

    [Fact]
    public async Task A_file_that_changes_is_read_within_two_seconds_and_one_with_mistakes_is_not_taken()
    {
        using var log = new JournalFolder();
        _logins.LogTo(((ILoggerFactory)log).CreateLogger("users"));
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "ann", "secret")).Result);

        File.AppendAllText(_folder.File, "nonsense\n");
        for (var i = 0; i < 3; i++)
            _time.Advance(UserDirectory.Interval);
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "bob", "letmein")).Result);
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "ann", "secret")).Result);
        Assert.Contains("3: expected name:", Assert.Single(log.Log), StringComparison.Ordinal);

        File.WriteAllLines(_folder.File, File.ReadAllLines(_folder.File).Take(2));
        _folder.Set("ann", "changed");
        _time.Advance(UserDirectory.Interval);
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "ann", "changed")).Result);
        Assert.Equal(LoginResult.Wrong, (await Wrong(Home, "ann", "secret")).Result);
        UserFileEditor.Remove(_folder.File, "ann");
        _time.Advance(UserDirectory.Interval);
        Assert.Equal(LoginResult.Wrong, (await Wrong(Home, "ann", "changed")).Result);

        File.Delete(_folder.File);
        _time.Advance(UserDirectory.Interval);
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "bob", "letmein")).Result);
        Assert.Contains("does not exist", log.Log[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_is_answered_from_memory_and_only_the_clock_makes_the_file_be_read()
    {
        File.Delete(_folder.File);
        _folder.Set("ann", "changed");
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "ann", "secret")).Result);
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "bob", "letmein")).Result);

        _time.Advance(UserDirectory.Interval);
        Assert.Equal(LoginResult.Accepted, (await Login(Home, "ann", "changed")).Result);
        Assert.Equal(LoginResult.Wrong, (await Wrong(Home, "bob", "letmein")).Result);
    }

    [Fact]
    public async Task A_session_that_dies_does_not_wait_for_its_answer()
    {
        using var dying = new CancellationTokenSource();
        var answer = _logins.LoginAsync(Home, Says("ann", "wrong"), dying.Token);
        await dying.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await answer);
    }

    [Fact]
    public void A_file_with_mistakes_stops_the_start()
    {
        File.AppendAllText(_folder.File, "nonsense\n");
        Assert.Contains($"{_folder.File}:3: ", Assert.Throws<IOException>(() => new Authenticator(_folder.File, _time)).Message, StringComparison.Ordinal);
    }
}
