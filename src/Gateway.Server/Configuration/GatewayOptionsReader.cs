using System.Collections.Frozen;
using System.Net;
using System.Text.Json.Nodes;
using Gateway.Dns;
using Gateway.Smtp;

namespace Gateway.Server.Configuration;

/// <summary>Configuration in, options out, or every mistake that it has.</summary>
internal static class GatewayOptionsReader
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // RFC 5321 §4.5.3.2.6: a client waits 10 minutes for the reply to its message. Ours must come before it gives up.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(570);

    /// <summary>The keys of the first level.</summary>
    public static FrozenSet<string> Sections { get; } = new[]
    {
        "HostName", "Listeners", "Dns", "Policy", "Relay", "SmartHosts", "Delivery", "Limits", "Tls", "Users", "Web", "Log", "Journal",
        WebOptionsReader.OldName,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static GatewayOptions Read(IConfiguration configuration) => Read(configuration, out _);

    /// <param name="configuration">File, environment and command line together.</param>
    /// <param name="inForce">The configuration with its defaults, to be shown.</param>
    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static GatewayOptions Read(IConfiguration configuration, out JsonObject inForce)
    {
        var errors = new List<ConfigurationError>();
        var warnings = new List<ConfigurationWarning>();
        var root = new SectionReader(configuration, "", errors);
        var options = new GatewayOptions
        {
            HostName = HostName(root),
            Listeners = ListenerOptionsReader.Read(root, errors),
            Dns = Dns(root.Section("Dns")),
            Policy = Policy(root.Section("Policy"), warnings),
            Relay = Relay(root.Section("Relay")),
            SmartHosts = SmartHosts(root),
            Delivery = Delivery(root.Section("Delivery")),
            Limits = Limits(root.Section("Limits")),
            Tls = root.Has("Tls") ? Tls(root.Section("Tls"), errors) : null,
            Users = root.Has("Users") ? UsersOptionsReader.Read(root.Section("Users"), errors) : null,
            Web = WebOptionsReader.Read(root, errors, warnings),
            Log = Log(root.Section("Log")),
            Journal = root.Has("Journal") ? JournalOptionsReader.Read(root.Section("Journal")) : null,
            Warnings = warnings,
        };
        root.RefuseOthers();
        inForce = root.InForce;
        errors.AddRange(Consistency.MistakesOf(options));
        return errors.Count == 0 ? options : throw new ConfigurationException(errors);
    }

    private static string HostName(SectionReader root)
    {
        var name = root.Text("HostName", DefaultHostName());
        if (Allowed.ParseHostName(name) is not { } host)
        {
            root.Fail("HostName", name, Allowed.HostName);
            return name;
        }
        return host;
    }

    // A machine that knows only its short name still starts; whoever reads the greeting sees what to configure.
    private static string DefaultHostName() => Environment.MachineName is var name && name.Contains('.') ? name : $"{name}.localdomain";

    private static DnsOptions Dns(SectionReader dns)
    {
        var options = new DnsOptions(
            dns.List("Servers", Allowed.ParseServer, "an address, with or without a port, such as 127.0.0.1:53"),
            dns.Duration("Deadline", 8 * Second, Second, 60 * Second));
        dns.RefuseOthers();
        return options;
    }

    private static PolicyOptions Policy(SectionReader policy, List<ConfigurationWarning> warnings)
    {
        var exempt = policy.Section("Exempt");
        var options = new PolicyOptions(
            policy.Flag("ExemptPrivate", true),
            exempt.Networks("Networks"),
            exempt.List("Names", static text => DomainName.TryParse(text.TrimStart('.'), out var name) && !name.IsRoot ? name : null, "a domain such as example.com, which includes its subdomains"),
            exempt.List("Lists", Allowed.ParseAddressList, "the domain of a list of addresses, such as list.example.org"),
            exempt.List("Senders", static text => text, "an address or a domain"),
            exempt.List("Recipients", static text => text, "a local part or an address", "postmaster", "abuse"),
            policy.Text("ProfilesFolder"),
            policy.Text("PublicSuffixFile"),
            policy.Text("ExplainUrl"));
        if (options.ProfilesFolder is { } folder && !Directory.Exists(folder))
            policy.Fail("ProfilesFolder", folder, "a folder that exists");
        if (options.PublicSuffixFile is { } file && PublicSuffixFile.WhyNot(file) is { } reason)
            policy.Fail("PublicSuffixFile", file, $"a readable list of public suffixes ({reason})");
        // No mistake, for it opens no relay, and somebody may trust a whole country.
        if (NetworkCoverage.TooWide(options.ExemptNetworks) is { } width)
            warnings.Add(new(exempt.PathOf("Networks"), $"{width}, because the policy does not judge these clients. To refuse nobody, use the profile observe"));
        exempt.RefuseOthers();
        policy.RefuseOthers();
        return options;
    }

    private static RelayOptions Relay(SectionReader relay)
    {
        var options = new RelayOptions(
            relay.List("AcceptedDomains", Allowed.ParseDomain, Allowed.Domain),
            relay.Networks("Networks"),
            relay.Networks("TrustedProxies"))
        { Authenticated = relay.Flag("Authenticated", true) };
        if (!relay.HasItems("AcceptedDomains"))
            relay.Fail("AcceptedDomains", null, $"a list of the domains whose mail you receive, each {Allowed.Domain}");
        RefuseWide(relay, "Networks", options.Networks, "networks of your own", "clients in these networks may send to any domain, so this would be an open relay");
        RefuseWide(relay, "TrustedProxies", options.TrustedProxies, "proxies of your own", "a trusted proxy may claim to be any client");
        relay.RefuseOthers();
        return options;
    }

    // A list of networks can be too wide by one of them, or by all together.
    private static void RefuseWide(SectionReader relay, string key, IReadOnlyList<IPNetwork> networks, string allowed, string danger)
    {
        foreach (var network in networks.Where(Allowed.IsTooWideForRelay))
            relay.Fail(key, network.ToString(), $"{allowed}, no wider than /8 (IPv6: /7), because {danger}");
        if (!networks.Any(Allowed.IsTooWideForRelay) && NetworkCoverage.TooWide(networks) is { } reason)
            relay.Fail(key, $"{reason}: list only {allowed}, because {danger}");
    }

    private static List<SmartHostOptions> SmartHosts(SectionReader root)
    {
        var sections = root.Sections("SmartHosts");
        if (!root.HasItems("SmartHosts"))
            root.Fail("SmartHosts", null, "a list with at least one smart host, such as [ { \"Host\": \"10.0.0.5\" } ]");
        return [.. sections.Select(SmartHostOptionsReader.Read)];
    }

    private static DeliveryOptions Delivery(SectionReader delivery)
    {
        var options = new DeliveryOptions(
            delivery.Choice("Mode", DeliveryMode.Inline),
            delivery.Choice("WhenDown", WhenDown.Defer),
            delivery.Duration("Deadline", 300 * Second, Second, LongestWait),
            delivery.Duration("FinalReplyDeadline", LongestWait, Second, LongestWait));
        if (options.FinalReplyDeadline < options.Deadline)
            delivery.Fail("FinalReplyDeadline", options.FinalReplyDeadline.ToString("c"),
                $"at least Delivery.Deadline ({options.Deadline:c}), because both count from the end of the client's data");
        delivery.RefuseOthers();
        return options;
    }

    private static LimitOptions Limits(SectionReader limits)
    {
        var options = new LimitOptions
        {
            MessageSize = limits.LongNumber("MessageSize", 52_428_800, 65_536, 1L << 40),
            Recipients = limits.Number("Recipients", 1000, 100, 100_000),
            UnknownRecipients = limits.Number("UnknownRecipients", 50, 1, 1_000_000),
            Connections = limits.Number("Connections", 20_000, 1, 1_000_000),
            ConnectionsPerClient = limits.Number("ConnectionsPerClient", 50, 1, 1_000_000),
            BareNewline = limits.Choice("BareNewline", BareNewline.Reject),
            OwnClientBareNewline = limits.Choice("OwnClientBareNewline", BareNewline.Normalize),
            JunkCommands = limits.Number("JunkCommands", 120, 10, 1_000_000),
            RefuseEarlyInput = limits.Flag("RefuseEarlyInput", true),
            ReceivedFields = limits.Number("ReceivedFields", 100, 10, 10_000),
            CommandTimeout = limits.Duration("CommandTimeout", 300 * Second, Second, Hour),
            DataTimeout = limits.Duration("DataTimeout", 180 * Second, Second, Hour),
            StopTimeout = limits.Duration("StopTimeout", 60 * Second, Second, Hour),
            MessageMemory = limits.Number("MessageMemory", 1 << 20, 4096, 1 << 30),
            TotalMemory = limits.LongNumber("TotalMemory", 256L << 20, 1 << 20, 1L << 40),
            TemporaryFolder = limits.Text("TemporaryFolder", Path.GetTempPath()),
        };
        if (WhyNotWritable(options.TemporaryFolder) is { } reason)
            limits.Fail("TemporaryFolder", options.TemporaryFolder, $"a folder that exists and that the gateway can write to ({reason})");
        limits.RefuseOthers();
        return options;
    }

    // Tried, not asked: a mount may be read-only and a disk full whatever the permissions say.
    private static string? WhyNotWritable(string folder)
    {
        try
        {
            var name = Path.Combine(folder, $"gateway-{Guid.NewGuid():N}.tmp");
            using var file = new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    private static TlsOptions Tls(SectionReader tls, List<ConfigurationError> errors)
    {
        var options = new TlsOptions(
            tls.RequiredText("CertificateFile", "the path of a certificate chain in PEM form"),
            tls.RequiredText("KeyFile", "the path of its private key in PEM form"));
        var isWhole = options is { CertificateFile.Length: > 0, KeyFile.Length: > 0 };
        if (isWhole && !File.Exists(options.CertificateFile))
            tls.Fail("CertificateFile", options.CertificateFile, "a file that exists");
        if (isWhole && !File.Exists(options.KeyFile))
            tls.Fail("KeyFile", options.KeyFile, "a file that exists");
        if (isWhole && File.Exists(options.CertificateFile) && File.Exists(options.KeyFile))
            TryCertificate(options, errors);
        tls.RefuseOthers();
        return options;
    }

    private static void TryCertificate(TlsOptions tls, List<ConfigurationError> errors)
    {
        try
        {
            CertificateFiles.Read(tls).Parse().Certificate.Dispose();
        }
        catch (ConfigurationException error)
        {
            errors.AddRange(error.Errors);
        }
    }

    private static LogOptions Log(SectionReader log)
    {
        var options = new LogOptions(log.Choice("Format", LogFormat.Text));
        log.RefuseOthers();
        return options;
    }
}
