using System.Net;
using System.Text;
using Gateway.Lab.Conversations;
using Gateway.Server.Users;
using Gateway.Tests;
using static Gateway.Tests.UsersFolder;

namespace Gateway.Server.Tests.Users;

/// <summary>
/// How long a failed login takes must not tell whether there is such a user. The clock is staged and the hash work is counted, so that the
/// answer does not depend on the machine.
/// </summary>
public sealed class FailedLoginTimeTests : IDisposable
{
    private const int Cheap = PasswordHash.LeastIterations;
    private const int Costly = 5 * Cheap;

    private readonly UsersFolder _folder = new();
    private readonly StagedTime _time = new(new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly PasswordQueue _desk = new(threads: 1, capacity: 256);
    private int _iterations;

    public FailedLoginTimeTests()
    {
        Add("cheap", Cheap);
        Add("usual", 2 * Cheap);
        Add("costly", Costly);
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => ["cheap", "usual", "costly", "COSTLY", "eve", "eva", "nobody@example.com", "not a name", ""];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_first_failure_and_each_later_one_takes_the_same_time_and_the_same_work_for_known_and_unknown_users(string name)
    {
        var logins = Authenticator();
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30, 30, 30, 30 })
        {
            _iterations = 0;
            var wrong = logins.LoginAsync(IPAddress.Loopback, Says(name, "wrong"), TestContext.Current.CancellationToken).AsTask();
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            // One thread does all work in its order: when this is answered, the password has been looked at.
            await _desk.TryAsk(IPAddress.IPv6Loopback, static () => 0)!;
            Assert.False(wrong.IsCompleted, $"{name} is answered before {seconds} s");
            _time.Advance(TimeSpan.FromTicks(1));

            Assert.Equal(LoginResult.Wrong, (await wrong.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Result);
            Assert.Equal(Costly, _iterations);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_costlier_hash_that_is_added_later_costs_everybody_the_same(string name)
    {
        var logins = Authenticator();
        Add("new", 10 * Cheap);
        _time.Advance(UserDirectory.Interval);

        var wrong = logins.LoginAsync(IPAddress.Loopback, Says(name, "wrong"), TestContext.Current.CancellationToken).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(LoginResult.Wrong, (await wrong.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Result);
        Assert.Equal(10 * Cheap, _iterations);
    }

    [Fact]
    public async Task The_right_password_costs_its_own_hash_only()
    {
        Assert.Equal(LoginResult.Accepted, (await Authenticator().LoginAsync(IPAddress.Loopback, Says("cheap", "secret"), TestContext.Current.CancellationToken)).Result);
        Assert.Equal(Cheap, _iterations);
    }

    private void Add(string name, int iterations) => UserFileEditor.Set(_folder.File, name, PasswordHash.Of(Encoding.UTF8.GetBytes("secret"), iterations));

    private Authenticator Authenticator() => new(new UserDirectory(_folder.File, _time), _desk, _time, (password, salt, derived, iterations) =>
    {
        Interlocked.Add(ref _iterations, iterations);
        PasswordHash.Pbkdf2(password, salt, derived, iterations);
    });
}
