using Gateway.Server.Users;
using Gateway.Tests;

namespace Gateway.Server.Tests.Users;

public sealed class UserFileTests
{
    private static readonly string Hash = UsersFolder.Hash("secret").ToString();

    [Theory]
    [InlineData("ann:{0}", "", "a local part")]
    [InlineData("ann@example.org:{0}", "", "an address")]
    [InlineData("# ann:{0}", "", "a comment")]
    [InlineData("  ", "", "nothing")]
    [InlineData("ann:{0}  ", "", "spaces behind the hash")]
    [InlineData("änn@exämple.org:{0}", "", "Unicode")]
    [InlineData("ann", "expected name:$pbkdf2-sha512$", "no colon")]
    [InlineData(":{0}", "the name is missing", "no name")]
    [InlineData("a b:{0}", "a space or a control character", "a space")]
    [InlineData("a\u0001b:{0}", "a space or a control character", "a control character")]
    [InlineData("a\u0085b:{0}", "a space or a control character", "a C1 control")]
    [InlineData("ann:secret", "expected $pbkdf2-sha512$", "a password in the clear")]
    [InlineData("ann:$6$salt$hash", "expected $pbkdf2-sha512$", "crypt(3)")]
    [InlineData("ann:$pbkdf2-sha512$i=999$AAAAAAAAAAAAAAAAAAAAAA==$AAAA", "from 1000 to", "too few iterations")]
    [InlineData("ann:$pbkdf2-sha512$i=99999999999$AAAAAAAAAAAAAAAAAAAAAA==$AAAA", "from 1000 to", "too many")]
    [InlineData("ann:$pbkdf2-sha512$i=1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAA", "base64", "a short hash")]
    [InlineData("ann:$pbkdf2-sha512$i=1000$!$AAAA", "base64", "no base64")]
    [InlineData("ann:{0}\nANN:{0}", "line 1 has this user already", "names have no case")]
    public void A_line_is_a_user_or_a_mistake_with_its_place(string text, string problem, string reason)
    {
        var lines = text.Replace("{0}", Hash, StringComparison.Ordinal).Split('\n');
        var (users, errors) = UserFile.Parse("/etc/users", lines);
        if (problem.Length == 0)
        {
            Assert.True(errors.Count == 0, reason);
            return;
        }
        var error = Assert.Single(errors);
        Assert.Equal(lines.Length, error.Line);
        Assert.StartsWith($"/etc/users:{lines.Length}: ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(problem, error.Reason, StringComparison.Ordinal);
        Assert.True(!error.Reason.Contains(Hash, StringComparison.Ordinal) && !error.Reason.Contains("secret", StringComparison.Ordinal), "a mistake quotes no hash");
        Assert.Equal(lines.Length - 1, users.Count);
    }

    [Fact]
    public void A_file_that_is_no_text_or_not_there_is_a_mistake()
    {
        using var folder = new UsersFolder();
        Assert.Contains("does not exist", Assert.Single(UserFile.Read(folder.File).Errors).ToString(), StringComparison.Ordinal);
        File.WriteAllBytes(folder.File, [0x61, 0xff, 0x62]);
        Assert.Contains("is not UTF-8", Assert.Single(UserFile.Read(folder.File).Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hash_that_others_made_is_understood()
    {
        // python3: hashlib.pbkdf2_hmac('sha512', b'lab', b'conversation-ann', 1000)
        var hash = PasswordHash.Parse("$pbkdf2-sha512$i=1000$Y29udmVyc2F0aW9uLWFubg==$140c3Dd06WLENJPl+BJOJDumCyz6ilpWsMv6NQ8l5bUoFD2nmuY9H2Rs1ICfoJ3pXjfOBv14hOYaps0RicAbtQ==", out _)!;
        Assert.True(hash.Matches("lab"u8, PasswordHash.Pbkdf2));
        Assert.False(hash.Matches("Lab"u8, PasswordHash.Pbkdf2));
        Assert.Equal(hash.ToString(), PasswordHash.Parse(hash.ToString(), out _)!.ToString());
    }

    [Fact]
    public void Changing_one_user_leaves_all_else_as_it_was()
    {
        using var folder = new UsersFolder();
        File.WriteAllText(folder.File, $"# who may send\nann:{Hash}\n\n# the printer\nprinter:{Hash}\n");
        Assert.True(UserFileEditor.Set(folder.File, "Ann", UsersFolder.Hash("other")));
        Assert.False(UserFileEditor.Set(folder.File, "bob", UsersFolder.Hash("bob")));
        Assert.True(UserFileEditor.Remove(folder.File, "PRINTER"));
        Assert.False(UserFileEditor.Remove(folder.File, "nobody"));

        Assert.Equal(["# who may send", "Ann", "", "# the printer", "bob"], File.ReadLines(folder.File).Select(line => line.Split(':')[0]));
        Assert.Empty(UserFile.Read(folder.File).Errors);
        Assert.Equal(["users"], folder.Names);
    }

    [Fact]
    public void The_file_is_its_owners_only_and_a_change_under_way_is_not_overtaken()
    {
        using var folder = new UsersFolder(("ann", "secret"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File));
            // A group that was let in stays in; the world never is.
            File.SetUnixFileMode(folder.File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            folder.Set("bob", "secret");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(folder.File));
        }
        File.WriteAllText(folder.File + ".new", "");
        var before = File.ReadAllText(folder.File);
        Assert.Contains("another command is changing the users", Assert.Throws<IOException>(() => folder.Set("eve", "secret")).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(folder.File));
    }

    [Fact]
    public void A_damaged_file_gives_users_or_mistakes_and_never_throws_or_repeats_a_hash()
    {
        var seed = string.Join('\n', "# the sales department", "", $"ann@example.com:{Hash}", $"j\u00f6rg:{Hash}", "");
        var chance = new Random(1);
        var (taken, refused) = (0, 0);
        for (var round = 0; round < 10_000; round++)
        {
            var (users, errors) = UserFile.Parse("users", Mutation.Of(seed, chance).Split('\n'));
            taken += errors.Count == 0 ? 1 : 0;
            refused += errors.Count > 0 ? 1 : 0;
            Assert.All(users, static user => Assert.Null(UserFile.WhyNoName(user.Name)));
            Assert.Equal(users.Count, users.DistinctBy(static user => user.Name, StringComparer.OrdinalIgnoreCase).Count());
            Assert.All(errors, static error => Assert.DoesNotContain("$i=1000$", error.ToString(), StringComparison.Ordinal));
        }
        Assert.True(taken > 0 && refused > 0, $"{taken} taken, {refused} refused");
    }

    [Fact]
    public void A_file_of_octets_that_are_no_text_is_a_mistake()
    {
        using var folder = new UsersFolder(("ann", "secret"));
        var octets = File.ReadAllBytes(folder.File);
        var chance = new Random(1);
        for (var round = 0; round < 200; round++)
        {
            byte[] damaged = [.. octets];
            damaged[chance.Next(damaged.Length)] = (byte)(0x80 | chance.Next(128));
            File.WriteAllBytes(folder.File, damaged);
            Assert.NotEmpty(UserFile.Read(folder.File).Errors);
        }
    }
}
