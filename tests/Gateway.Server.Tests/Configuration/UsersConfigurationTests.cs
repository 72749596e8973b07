using Gateway.Lab.SmartHosts;
using Gateway.Server.Configuration;
using Gateway.Tests;

namespace Gateway.Server.Tests.Configuration;

public sealed class UsersConfigurationTests : IDisposable
{
    private static readonly string[] Least = ["HostName=mx.example.com", "Relay:AcceptedDomains:0=example.com", "SmartHosts:0:Host=10.0.0.5"];

    private readonly UsersFolder _folder = new(("ann", "secret"));
    private readonly LabCertificate _certificate = LabCertificate.Create("mx.example.com", TimeProvider.System.GetUtcNow());

    public void Dispose()
    {
        _folder.Dispose();
        _certificate.Dispose();
    }

    private string[] Tls => [$"Tls:CertificateFile={_certificate.CertificateFile}", $"Tls:KeyFile={_certificate.KeyFile}"];

    private static List<string> Mistakes(params string[] settings) =>
        [.. Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(null, [.. Least, .. settings])).Errors.Select(mistake => mistake.ToString())];

    [Fact]
    public void Users_stand_in_a_file_and_may_relay_unless_it_is_said_otherwise()
    {
        var options = ConfigurationLoader.Load(null, [.. Least, .. Tls, $"Users:File={_folder.File}", "Listeners:0:Endpoint=127.0.0.1:0", "Listeners:0:RequireAuthentication=true"]);
        Assert.Equal(new UsersOptions(_folder.File, null), options.Users);
        Assert.True(options.Relay.Authenticated);
        Assert.True(options.Listeners[0].RequireAuthentication);

        options = ConfigurationLoader.Load(null, [.. Least, .. Tls, $"Users:File={_folder.File}", "Users:RecipientsPerHour=500", "Relay:Authenticated=false"]);
        Assert.Equal(500, options.Users!.RecipientsPerHour);
        Assert.False(options.Relay.Authenticated);
        Assert.Null(ConfigurationLoader.Load(null, Least).Users);
    }

    [Fact]
    public void What_could_not_work_stops_the_start()
    {
        Assert.StartsWith("Users.File needs Tls.CertificateFile", Assert.Single(Mistakes($"Users:File={_folder.File}")), StringComparison.Ordinal);
        Assert.StartsWith("Users.File is \"/nowhere\", but must be a file that exists; \"gateway user add", Assert.Single(Mistakes([.. Tls, "Users:File=/nowhere"])), StringComparison.Ordinal);
        Assert.StartsWith("Users.File is missing", Assert.Single(Mistakes([.. Tls, "Users:RecipientsPerHour=5"])), StringComparison.Ordinal);
        Assert.StartsWith("Users.RecipientsPerHour is \"0\"", Assert.Single(Mistakes([.. Tls, $"Users:File={_folder.File}", "Users:RecipientsPerHour=0"])), StringComparison.Ordinal);
        Assert.Equal(2, Mistakes("Listeners:0:Endpoint=127.0.0.1:0", "Listeners:0:RequireAuthentication=true").Count(mistake => mistake.StartsWith("Listeners[0].RequireAuthentication ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_mistake_of_the_users_file_is_named_with_its_line()
    {
        File.AppendAllText(_folder.File, "nonsense\nbob:secret\n");
        Assert.Equal([$"{_folder.File}:2:", $"{_folder.File}:3:"], Mistakes([.. Tls, $"Users:File={_folder.File}"]).Select(mistake => mistake.Split(' ')[0]));
    }
}
