using Gateway.Smtp;

namespace Gateway.Server.Configuration;

/// <summary>Reads one of the smart hosts.</summary>
internal static class SmartHostOptionsReader
{
    private static readonly string[] VerificationKeys = ["CertificateName", "CaFile", "PinnedKeys"];

    public static SmartHostOptions Read(SectionReader host)
    {
        var name = host.RequiredText("Host", Allowed.Host);
        if (name.Length > 0 && Allowed.ParseHost(name) is null)
            host.Fail("Host", name, Allowed.Host);
        var options = new SmartHostOptions
        {
            Host = name,
            Port = host.Number("Port", 25, 1, 65535),
            Tls = host.Choice("Tls", TlsUse.Opportunistic),
            Domains = host.List("Domains", Allowed.ParseDomainOrAll, $"* or {Allowed.Domain}", "*"),
            CertificateName = host.Text("CertificateName"),
            CaFile = host.Text("CaFile"),
            PinnedKeys = host.List("PinnedKeys", static text => PublicKeyPin.TryParse(text, out var pin) ? pin : null,
                "the SHA-256 digest of a public key in base64, 44 characters; docs/configuration.md has the command that prints it"),
            UserName = host.Text("UserName"),
            Password = host.Secret("Password"),
            EightBit = host.Choice("EightBit", EightBitHandling.Pass),
            MaxConnections = host.Number("MaxConnections", 100, 1, 10_000),
            IdleTimeout = host.Duration("IdleTimeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            ConnectTimeout = host.Duration("ConnectTimeout", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
            VerifyRecipients = host.Flag("VerifyRecipients", true),
        };
        if (options.UserName is null != options.Password is null)
            host.Fail(options.UserName is null ? "UserName" : "Password", "is missing: set UserName and Password, or neither of them");
        CheckVerification(host, options);
        host.RefuseOthers();
        return options;
    }

    private static void CheckVerification(SectionReader host, SmartHostOptions options)
    {
        if (options.CertificateName is { } name && Allowed.ParseHost(name) is null)
            host.Fail("CertificateName", name, Allowed.Host);
        if (options.CaFile is { } file && AuthorityFile.WhyNot(file) is { } reason)
            host.Fail("CaFile", file, $"a readable file with the certificates of certification authorities in PEM form ({reason})");
        if (options is { CaFile: not null, PinnedKeys.Count: > 0 })
            host.Fail("PinnedKeys", "and CaFile are both set, but a pinned key is trusted whoever signed its certificate: set only one of them");
        if (options.Tls is TlsUse.Required or TlsUse.Implicit)
            return;
        // Whoever sits between answers opportunistic TLS with a certificate of their own, and reads the password.
        if (options.UserName is not null)
            host.Fail("Tls", host.Text("Tls") ?? "Opportunistic",
                $"Required or Implicit, because UserName is set and a password is only sent to a server whose certificate is verified. For a self-signed certificate, set {host.PathOf("CaFile")} or {host.PathOf("PinnedKeys")} too");
        foreach (var key in VerificationKeys.Where(host.HasItems))
            host.Fail("Tls", host.Text("Tls") ?? "Opportunistic", $"Required or Implicit, because {key} is set and no other kind of TLS verifies a certificate");
    }
}
