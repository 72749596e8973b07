using System.Globalization;
using Gateway.Server.Inbound;
using Gateway.Server.Journal.Statistics;
using Spectre.Console;

namespace Gateway.Explaining;

/// <summary>Shows the users: how much they sent, how many logins with their name failed, and from which addresses.</summary>
internal static class UsersView
{
    private const int MaxUser = 36;

    public static void Write(IAnsiConsole console, IReadOnlyList<UserCount> users)
    {
        if (users.Count == 0)
            return;
        console.WriteLine();
        console.Write(Table(users));
        console.WriteLine();
        console.WriteLine("The addresses of these users, by recipients and failed logins");
        console.Write(Addresses(users));
    }

    private static Grid Table(IReadOnlyList<UserCount> users)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap());
        string[] headings = ["messages", "recipients", "octets", "failed"];
        foreach (var _ in headings)
            grid.AddColumn(new GridColumn().NoWrap().RightAligned());
        grid.AddRow(["", "", "", "", "logins"]).AddRow(["user", .. headings[..3], "failed"]);
        foreach (var user in users)
            grid.AddRow(Name(user), Count(user.Messages), Count(user.Recipients), Count(user.Octets), Count(user.FailedLogins));
        return grid;
    }

    private static Grid Addresses(IReadOnlyList<UserCount> users)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned()).AddColumn(new GridColumn().NoWrap());
        foreach (var user in users)
        {
            for (var i = 0; i < user.Clients.Count; i++)
                grid.AddRow(i == 0 ? Name(user) : new Text(""), Count(user.Clients[i].Count), new Text(SafeText.Of(user.Clients[i].Who, 52)));
            if (user.ClientCount > user.Clients.Count)
                grid.AddRow(new Text(""), new Text(""), new Text($"and {Shown(user.ClientCount - user.Clients.Count)} more"));
        }
        return grid;
    }

    // The name of a failed login is whatever a stranger sent, so it is cleaned and cut.
    private static Text Name(UserCount user) => new(SafeText.Of(user.User.Length <= MaxUser ? user.User : $"{user.User.AsSpan(0, MaxUser - 3)}...", MaxUser));

    private static Text Count(long number) => new(Shown(number));

    private static string Shown(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
