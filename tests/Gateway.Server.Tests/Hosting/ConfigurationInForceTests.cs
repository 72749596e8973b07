using Gateway.Lab.Conversations;
using Gateway.Lab.SmartHosts;
using Gateway.Server.Configuration;
using Gateway.Server.Hosting;

namespace Gateway.Server.Tests.Hosting;

public sealed class ConfigurationInForceTests : IAsyncDisposable
{
    private readonly LogLines _log = new();
    private readonly StagedTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly LabCertificate _certificate = LabCertificate.Create("old.example.com", TimeProvider.System.GetUtcNow().AddDays(-1));
    private readonly LabCertificate _renewed = LabCertificate.Create("new.example.com", TimeProvider.System.GetUtcNow().AddDays(-1));
    private readonly ConfigurationInForce _configuration;

    public ConfigurationInForceTests()
    {
        _configuration = new(Read(), () => _log, _time);
        _configuration.Start();
    }

    [Fact]
    public async Task A_broken_configuration_is_reported_with_its_mistakes_and_the_one_in_force_stays()
    {
        var before = _configuration.Current;

        Assert.False(await ReloadAsync("Limits:Recipients=1", "Relay:Networks:0=0.0.0.0/0"));

        Assert.Same(before, _configuration.Current);
        var line = Assert.Single(_log.Written);
        Assert.StartsWith("Error the changed configuration cannot be used, so the previous one stays in use. Mistakes: 2. Relay.Networks is \"0.0.0.0/0\"", line, StringComparison.Ordinal);
        Assert.Contains("; Limits.Recipients is \"1\", but must be a number from 100", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_while_reading_changes_nothing_and_the_next_reload_works()
    {
        var before = _configuration.Current;
        Assert.False(await _configuration.ReloadAsync(static () => throw new InvalidOperationException("a bug")));
        Assert.Same(before, _configuration.Current);
        Assert.StartsWith("Error the configuration could not be read again", Assert.Single(_log.Written), StringComparison.Ordinal);
        Assert.True(await ReloadAsync());
        Assert.NotSame(before, _configuration.Current);
    }

    [Fact]
    public async Task What_needs_a_restart_is_named_and_the_rest_comes_into_force()
    {
        Assert.True(await ReloadAsync(
            "Listeners:0:Endpoint=127.0.0.1:2526", "Listeners:0:Profile=strict", "Web:Endpoint=127.0.0.1:8026", "Journal:File=journal.db", "Log:Format=Json", "HostName=other.example.com"));

        Assert.Equal(
            [
                "Warning this change needs a restart: Listeners: 127.0.0.1:2526 is new",
                "Warning this change needs a restart: Listeners: 127.0.0.1:2525 is gone, and listens as before until then",
                "Warning this change needs a restart: Web.Endpoint: none became 127.0.0.1:8026",
                "Warning this change needs a restart: Journal.File: none became journal.db",
                "Warning this change needs a restart: Log has changed",
                "Information the configuration was read again: new sessions use it, open sessions keep the previous one",
            ],
            _log.Written);
        var listener = Assert.Single(_configuration.Current.Listeners);
        Assert.Equal(("other.example.com", "standard"), (listener.HostName, listener.Engine.Profile.Name));
    }

    [Fact]
    public async Task A_listener_is_known_by_its_endpoint_wherever_it_stands()
    {
        Assert.True(await ReloadAsync("Listeners:0:Endpoint=127.0.0.1:2526", "Listeners:1:Endpoint=127.0.0.1:2525", "Listeners:1:Profile=strict"));
        Assert.Equal("strict", Assert.Single(_configuration.Current.Listeners).Engine.Profile.Name);
    }

    [Fact]
    public async Task An_old_name_is_warned_of_at_each_reload()
    {
        Assert.True(await ReloadAsync("Dashboard:Endpoint=127.0.0.1:8025"));
        Assert.Contains("Warning configuration: Dashboard is the old name of the section Web: rename it", _log.Written);
    }

    [Fact]
    public async Task The_DNS_cache_stays_as_long_as_the_same_servers_are_asked()
    {
        var resolver = _configuration.Current.Resolver;
        Assert.True(await ReloadAsync("HostName=other.example.com", "Policy:ExemptPrivate=false"));
        Assert.Same(resolver, _configuration.Current.Resolver);
        Assert.True(await ReloadAsync("Dns:Servers:0=127.0.0.2:9"));
        Assert.NotSame(resolver, _configuration.Current.Resolver);
    }

    [Fact]
    public async Task Reloads_asked_for_while_one_waits_are_one()
    {
        using var reading = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var reads = 0;
        var first = Task.Run(() => _configuration.ReloadAsync(() => { begun.Set(); reading.Wait(); return Read(); }));
        begun.Wait(TestContext.Current.CancellationToken);
        // The first has begun to read, so that a change since then asks for another one; more than one is too many.
        var more = Enumerable.Range(0, 20).Select(_ => _configuration.ReloadAsync(() => { Interlocked.Increment(ref reads); return Read(); })).ToList();
        reading.Set();

        Assert.True(await first);
        Assert.Equal(1, (await Task.WhenAll(more)).Count(static isDone => isDone));
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task A_certificate_renewed_on_disk_is_used_without_being_told()
    {
        var before = _configuration.Current;
        var changed = new TaskCompletionSource();
        _configuration.Changed = _ => changed.SetResult();
        _time.Advance(ConfigurationInForce.CertificateInterval);
        Assert.Same(before, _configuration.Current);

        Write(_renewed.CertificateFile, _renewed.KeyFile);
        _time.Advance(ConfigurationInForce.CertificateInterval);
        await changed.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.NotEqual(before.Certificate!.Fingerprint, _configuration.Current.Certificate!.Fingerprint);
        Assert.Same(before.Options, _configuration.Current.Options);
    }

    [Fact]
    public async Task A_pair_that_does_not_fit_is_reported_once_and_only_when_it_stays_so()
    {
        var before = _configuration.Current;
        Write(_renewed.CertificateFile, key: null);
        Assert.False(await _configuration.LookAtCertificateAsync());
        Assert.Empty(_log.Written);
        for (var i = 0; i < 3; i++)
            Assert.False(await _configuration.LookAtCertificateAsync());

        Assert.Same(before, _configuration.Current);
        var line = Assert.Single(_log.Written);
        Assert.StartsWith("Warning the certificate files have changed and cannot be used, so the previous certificate stays in use: Tls.KeyFile is ", line, StringComparison.Ordinal);

        Write(certificate: null, _renewed.KeyFile);
        Assert.True(await _configuration.LookAtCertificateAsync());
        Assert.Equal($"Information the certificate in {_certificate.CertificateFile} has changed: new sessions use it", _log.Written[^1]);
        Assert.False(await _configuration.LookAtCertificateAsync());
    }

    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB", "half a file")]
    [InlineData(null, "no file")]
    public async Task A_file_that_is_half_written_or_gone_changes_nothing(string? content, string reason)
    {
        var before = _configuration.Current;
        if (content is null)
            File.Delete(_certificate.CertificateFile);
        else
            File.WriteAllText(_certificate.CertificateFile, content);
        for (var i = 0; i < 3; i++)
            Assert.False(await _configuration.LookAtCertificateAsync());

        Assert.Same(before, _configuration.Current);
        Assert.Contains("Tls.CertificateFile is ", Assert.Single(_log.Written), StringComparison.Ordinal);
        Assert.NotEmpty(reason);
    }

    [Fact]
    public async Task A_certificate_behind_links_that_are_turned_is_seen()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        var target = Path.GetDirectoryName(_renewed.CertificateFile)!;
        foreach (var (file, renewed) in new[] { (_certificate.CertificateFile, "certificate.pem"), (_certificate.KeyFile, "key.pem") })
        {
            File.Delete(file);
            File.CreateSymbolicLink(file, Path.Combine(target, renewed));
        }
        Assert.True(await _configuration.LookAtCertificateAsync());
    }

    private void Write(string? certificate, string? key)
    {
        if (certificate is not null)
            File.Copy(certificate, _certificate.CertificateFile, overwrite: true);
        if (key is not null)
            File.Copy(key, _certificate.KeyFile, overwrite: true);
    }

    private Task<bool> ReloadAsync(params string[] settings) => _configuration.ReloadAsync(() => Read(settings));

    private GatewayOptions Read(params string[] settings) => ConfigurationLoader.Load(null,
        [
            "HostName=mx.example.com", "Listeners:0:Endpoint=127.0.0.1:2525", "Dns:Servers:0=127.0.0.1:9", "Relay:AcceptedDomains:0=example.com",
            "SmartHosts:0:Host=10.0.0.5", $"Tls:CertificateFile={_certificate.CertificateFile}", $"Tls:KeyFile={_certificate.KeyFile}", .. settings,
        ]);

    public async ValueTask DisposeAsync()
    {
        await _configuration.DisposeAsync();
        _certificate.Dispose();
        _renewed.Dispose();
        _log.Dispose();
    }
}
