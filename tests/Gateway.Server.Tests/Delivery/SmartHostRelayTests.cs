using Gateway.Lab.SmartHosts;
using Gateway.Server.Configuration;
using Gateway.Server.Delivery;

namespace Gateway.Server.Tests.Delivery;

public sealed class SmartHostRelayTests
{
    [Fact]
    public async Task A_relay_that_cannot_be_made_leaves_no_timer_behind_and_the_one_before_keeps_its_own()
    {
        using var certificate = LabCertificate.Create("smarthost.test", TimeProvider.System.GetUtcNow().AddDays(-1));
        var time = new CountingTime();
        await using var before = new SmartHostRelay(Read(), new Deliveries.NoDns(), time);
        var own = time.Timers;
        var options = Read("SmartHosts:0:MaxConnections=7", "SmartHosts:1:Host=10.0.0.6", "SmartHosts:1:Domains:0=*", "SmartHosts:1:Tls=Required", $"SmartHosts:1:CaFile={certificate.CertificateFile}");
        File.Delete(certificate.CertificateFile);

        Assert.ThrowsAny<IOException>(() => new SmartHostRelay(options, new Deliveries.NoDns(), time, before: before));
        Assert.Equal(own, time.Timers);

        Assert.ThrowsAny<IOException>(() => new SmartHostRelay(options, new Deliveries.NoDns(), time));
        Assert.Equal(own, time.Timers);
    }

    private static GatewayOptions Read(params string[] settings) => ConfigurationLoader.Load(null,
        ["HostName=mx.gateway.test", "Relay:AcceptedDomains:0=gateway.test", "SmartHosts:0:Host=10.0.0.5", "SmartHosts:0:Domains:0=gateway.test", .. settings]);

    /// <summary>Counts the timers that were made and not disposed.</summary>
    private sealed class CountingTime : TimeProvider
    {
        private int _timers;

        public int Timers => _timers;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _timers);
            return new CountedTimer(this, base.CreateTimer(callback, state, dueTime, period));
        }

        private sealed class CountedTimer(CountingTime time, ITimer timer) : ITimer
        {
            private int _isDisposed;

            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                    Interlocked.Decrement(ref time._timers);
                timer.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
