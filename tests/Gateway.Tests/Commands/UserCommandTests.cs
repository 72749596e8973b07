using Gateway.Commands;
using Gateway.Server.Users;

namespace Gateway.Tests.Commands;

public sealed class UserCommandTests : IDisposable
{
    private readonly UsersFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<(int Code, string Output, string Error)> RunAsync(string? typed, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new StringReader(typed ?? "");
        var code = await GatewayCommand.RunAsync(["user", .. arguments], output, error, input);
        return (code, output.ToString().TrimEnd(), error.ToString().TrimEnd());
    }

    private bool Knows(string name, string password) =>
        UserFile.Read(_folder.File).Users.Single(user => user.Name == name).Password.Matches(System.Text.Encoding.UTF8.GetBytes(password), PasswordHash.Pbkdf2);

    [Fact]
    public async Task Users_are_added_changed_listed_and_removed()
    {
        Assert.Equal((0, "", $"ann@example.org was added to {_folder.File}."), await RunAsync("correct horse\n", "add", "ann@example.org", "--file", _folder.File));
        Assert.Equal(0, (await RunAsync("battery staple", "add", "bob", "--file", _folder.File)).Code);
        Assert.True(Knows("ann@example.org", "correct horse") && Knows("bob", "battery staple"));
        Assert.All(UserFile.Read(_folder.File).Users, user => Assert.Equal(210_000, user.Password.Count));
        Assert.Equal((0, "ann@example.org\nbob", ""), await RunAsync(null, "list", "--file", _folder.File));

        Assert.Equal($"The password of bob in {_folder.File} was changed.", (await RunAsync("another one", "add", "bob", "--file", _folder.File)).Error);
        Assert.True(Knows("bob", "another one"));
        Assert.Equal((0, "", $"bob was removed from {_folder.File}."), await RunAsync(null, "remove", "bob", "--file", _folder.File));
        Assert.Equal((1, "", $"gateway: {_folder.File} has no user \"bob\": \"gateway user list\" lists the users"), await RunAsync(null, "remove", "bob", "--file", _folder.File));
    }

    [Fact]
    public async Task A_generated_password_is_printed_once_and_works()
    {
        var (code, output, error) = await RunAsync(null, "add", "ann", "--generate", "--file", _folder.File);
        Assert.Equal((0, 20), (code, output.Length));
        Assert.True(Knows("ann", output));
        Assert.DoesNotContain(output, error + File.ReadAllText(_folder.File), StringComparison.Ordinal);
        Assert.NotEqual(output, (await RunAsync(null, "add", "bob", "--generate", "--file", _folder.File)).Output);
    }

    [Theory]
    [InlineData("1234567\n", "ann", 1, "fewer than 8 characters", "weak")]
    [InlineData("", "ann", 1, "no password was typed", "nothing")]
    [InlineData("\n", "ann", 1, "no password was typed", "an empty line")]
    [InlineData("long\u0001enough\n", "ann", 1, "control character", "what no client can send")]
    [InlineData("long enough\n", "a:b", 64, "must not contain a colon", "a name that would be read as another line")]
    [InlineData("long enough\n", "a\u001b[2Jb", 64, "\"a\\u001b[2Jb\" cannot be the name of a user", "a name that would move the cursor")]
    public async Task What_cannot_be_is_refused_with_words(string typed, string name, int code, string words, string reason)
    {
        var result = await RunAsync(typed, "add", name, "--file", _folder.File);
        Assert.True(result.Code == code, reason);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File), reason);
    }

    [Fact]
    public async Task The_configuration_says_where_the_users_are_before_they_are_there()
    {
        var (code, _, _) = await RunAsync("correct horse\n", "add", "ann", "--set", $"Users:File={_folder.File}");
        Assert.Equal(0, code);
        Assert.Contains("no users file is named", (await RunAsync("x", "list")).Error, StringComparison.Ordinal);
        Assert.Equal(64, (await RunAsync("x", "list")).Code);
        Assert.Equal(78, (await RunAsync("x", "list", "--config", "/nowhere/gateway.json")).Code);
    }

    [Fact]
    public async Task A_file_with_mistakes_is_not_changed()
    {
        File.WriteAllText(_folder.File, "nonsense\n");
        var (code, _, error) = await RunAsync("correct horse\n", "add", "ann", "--file", _folder.File);
        Assert.Equal(78, code);
        Assert.Contains($"{_folder.File}:1: expected name:", error, StringComparison.Ordinal);
        Assert.Equal("nonsense\n", File.ReadAllText(_folder.File));
        Assert.Equal(78, (await RunAsync(null, "list", "--file", "/nowhere/users")).Code);
    }

    [Fact]
    public async Task A_file_or_a_folder_that_is_not_there_is_named_as_it_was_typed()
    {
        var nowhere = Path.Combine(Path.GetDirectoryName(_folder.File)!, "nowhere");

        Assert.Equal((1, "", $"gateway: the folder {nowhere} for the users file does not exist: create it first"), await RunAsync(null, "add", "ann", "--generate", "--file", Path.Combine(nowhere, "users")));
        Assert.Contains($"gateway: the users file {nowhere} does not exist: \"gateway user add NAME", (await RunAsync(null, "list", "--file", nowhere)).Error, StringComparison.Ordinal);
    }
}
