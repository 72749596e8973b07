using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Gateway.Commands;
using Gateway.Lab.Talking;
using Gateway.Server.Configuration;
using Gateway.Smtp;

namespace Gateway.Sending;

/// <summary>Reads the values on the command line. The error for a wrong value says what to type instead.</summary>
internal static class SendArguments
{
    /// <summary>A server. Its default port depends on --tls, so the port may be open.</summary>
    public sealed record Server(string Host, int? Port)
    {
        public EndPoint Endpoint(bool isImplicit)
        {
            var port = Port ?? DefaultPort(isImplicit);
            return IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(Host, port);
        }
    }

    // RFC 8314 §7.3: 465 is TLS from the first octet.
    public static int DefaultPort(bool isImplicit) => isImplicit ? 465 : 25;

    public static int? Port(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536)
            return port;
        result.AddError($"--port \"{result.Tokens[0].Value}\" is not a port: type a number from 1 to 65535, such as 25");
        return null;
    }

    public static Server? To(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Allowed.ParseEndpoint(text) is { Port: > 0 } endpoint)
            return new(endpoint.Address.ToString(), endpoint.Port);
        var bare = text is ['[', .. var between, ']'] ? between : text;
        if (Allowed.ParseHost(bare) is not null)
            return new(bare, null);
        var colon = text.LastIndexOf(':');
        if (colon > 0 && Allowed.ParseHost(text[..colon]) is not null
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536)
        {
            return new(text[..colon], port);
        }
        result.AddError($"--to \"{text}\" is not a server: type one such as mail.example.com:25, 192.0.2.1:2525 or [::1]:2525");
        return null;
    }

    public static IPAddress? Client(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var bare = text is ['[', .. var between, ']'] ? between : text;
        // A scope id means something on this machine only, so no server could be told of it.
        if (!bare.Contains('%', StringComparison.Ordinal) && Allowed.ParseAddress(bare) is { } address)
            return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        result.AddError($"--client \"{text}\" is not an IP address: type one such as 203.0.113.5 or 2001:db8::25");
        return null;
    }

    public static ConnectMethod Via(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "auto": return ConnectMethod.Auto;
            case "bind": return ConnectMethod.Bind;
            case "xclient": return ConnectMethod.Xclient;
            case "proxy": return ConnectMethod.Proxy;
            case "proxy-v1": return ConnectMethod.ProxyV1;
            case var other:
                result.AddError($"--via \"{other}\" is not known: type auto, bind, xclient, proxy or proxy-v1");
                return default;
        }
    }

    public static ForwardPath[] Recipients(ArgumentResult result)
    {
        var recipients = new List<ForwardPath>();
        foreach (var token in result.Tokens)
            if (MailArguments.Recipient(token.Value) is { } path)
                recipients.Add(path);
            else
                result.AddError($"--rcpt \"{token.Value}\" is not a mail address: type one such as user@example.org");
        return [.. recipients];
    }

    /// <summary>Reads --tls. Without a value, it means STARTTLS.</summary>
    public static TlsUse? Tls(ArgumentResult result)
    {
        switch (result.Tokens is [var token] ? token.Value : "starttls")
        {
            case "starttls": return TlsUse.Required;
            case "implicit": return TlsUse.Implicit;
            case var other:
                result.AddError($"--tls \"{other}\" is not known: type --tls=starttls (or --tls alone) or --tls=implicit");
                return null;
        }
    }

    public static TimeSpan? Patience(ArgumentResult result)
    {
        if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400)
            return TimeSpan.FromSeconds(seconds);
        result.AddError($"--patience \"{result.Tokens[0].Value}\" is not a number of seconds: type one such as 30, 86400 at the most");
        return null;
    }

    /// <summary>The EHLO name of a client with this address: its name if given, else the address in brackets (RFC 5321 §4.1.4).</summary>
    public static string DefaultHelo(IPAddress? client, string? name) => (client, name) switch
    {
        (_, [not '[', ..]) => name,
        ({ AddressFamily: AddressFamily.InterNetworkV6 }, _) => $"[IPv6:{client}]",
        (not null, _) => $"[{client}]",
        _ => MachineName(),
    };

    /// <summary>The default sender: postmaster at the EHLO name if that is a domain, else the null sender.</summary>
    public static ReversePath DefaultFrom(string helo) =>
        helo.Contains('.', StringComparison.Ordinal) && ReversePath.TryParse($"<postmaster@{helo}>", out var path) && path.Mailbox is { IsAddressLiteral: false }
            ? path : default;

    private static string MachineName()
    {
        var machine = IPGlobalProperties.GetIPGlobalProperties();
        var name = machine.DomainName.Length == 0 || machine.HostName.Contains('.', StringComparison.Ordinal)
            ? machine.HostName : $"{machine.HostName}.{machine.DomainName}";
        return Gateway.Smtp.Helo.TryParse(name, isExtended: true, out _) ? name : "localhost";
    }
}
