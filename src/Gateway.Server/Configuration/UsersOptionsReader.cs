using Gateway.Server.Users;

namespace Gateway.Server.Configuration;

/// <summary>Reads the section Users. The users themselves are read too, so that a slip in their file stops the start with its line.</summary>
internal static class UsersOptionsReader
{
    private const string Allowed = "a file that exists; \"gateway user add NAME --file FILE\" creates it";

    public static UsersOptions? Read(SectionReader users, List<ConfigurationError> errors)
    {
        var file = users.RequiredText("File", $"the path of {Allowed}");
        var perHour = users.Text("RecipientsPerHour") is null ? (int?)null : users.Number("RecipientsPerHour", 1, 1, 1_000_000);
        users.RefuseOthers();
        if (file.Length == 0)
            return null;
        if (!File.Exists(file))
            users.Fail("File", file, Allowed);
        else
            errors.AddRange(UserFile.Read(file).Errors.Select(static error => new ConfigurationError(error.Place, error.Reason)));
        return new(file, perHour);
    }
}
