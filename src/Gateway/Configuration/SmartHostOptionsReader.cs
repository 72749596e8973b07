using Gateway.Smtp;

namespace Gateway.Configuration;

/// <summary>Reads one of the smart hosts.</summary>
internal static class SmartHostOptionsReader
{
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
            UserName = host.Text("UserName"),
            Password = host.Text("Password"),
            EightBit = host.Choice("EightBit", EightBitHandling.Pass),
            MaxConnections = host.Number("MaxConnections", 100, 1, 10_000),
            IdleTimeout = host.Duration("IdleTimeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            ConnectTimeout = host.Duration("ConnectTimeout", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
            VerifyRecipients = host.Flag("VerifyRecipients", true),
        };
        if (options.UserName is null != options.Password is null)
            host.Fail(options.UserName is null ? "UserName" : "Password", null, "UserName and Password go together");
        if (options.UserName is not null && options.Tls == TlsUse.None)
            host.Fail("Tls", "None", "Opportunistic, Required or Implicit: a password is never sent in the clear");
        host.RefuseOthers();
        return options;
    }
}
