using Gateway.Server.Delivery;
using Gateway.Server.Hosting.Logging;
using Gateway.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Server.Tests.Hosting.Logging;

public sealed class LateLoggersTests
{
    [Fact]
    public void A_file_of_authorities_that_changes_after_the_log_is_closed_harms_nobody()
    {
        using var authority = new TestAuthority();
        var folder = Directory.CreateTempSubdirectory("gateway-late-");
        var file = Path.Combine(folder.FullName, "ca.pem");
        File.WriteAllText(file, authority.Pem);
        var time = new ManualTime();
        var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var loggers = new LateLoggers(() => services.GetRequiredService<ILoggerFactory>());
        var authorities = new TrustedAuthorities(file, time, () => loggers.CreateLogger("Gateway.Relay"));

        services.Dispose();
        folder.Delete(recursive: true);
        // The timer rings on this thread: what it throws would end the process elsewhere.
        time.Advance(TrustedAuthorities.Interval);

        Assert.Single(authorities.Current);
    }
}
