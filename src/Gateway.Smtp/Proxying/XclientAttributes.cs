using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Gateway.Smtp;

/// <summary>
/// What a proxy says with XCLIENT (Postfix's XCLIENT_README, and REVERSE_NAME, which its server announces as well) about the client
/// that it speaks for. What the command does not name is null and stays as it was.
/// </summary>
public sealed record XclientAttributes
{
    /// <summary>The extension as EHLO announces it.</summary>
    public static string Keyword { get; } = "XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT REVERSE_NAME";

    /// <summary>The confirmed host name.</summary>
    public XclientValue<string>? Name { get; init; }

    public XclientValue<IPAddress>? Address { get; init; }
    public XclientValue<int>? Port { get; init; }
    public XclientValue<XclientProtocol>? Protocol { get; init; }
    public XclientValue<string>? Helo { get; init; }

    /// <summary>Whom the proxy has authenticated.</summary>
    public XclientValue<string>? Login { get; init; }

    public XclientValue<IPAddress>? DestinationAddress { get; init; }
    public XclientValue<int>? DestinationPort { get; init; }

    /// <summary>The name of the PTR record, which nobody has confirmed.</summary>
    public XclientValue<string>? ReverseName { get; init; }

    /// <summary>Reads what stands behind XCLIENT; the problem is for the reply.</summary>
    public static bool TryParse(string argument, [NotNullWhen(true)] out XclientAttributes? attributes, out string problem) =>
        XclientReader.TryRead(argument, out attributes, out problem);

    /// <summary>The command's argument, encoded.</summary>
    public override string ToString() => string.Join(' ', XclientReader.Write(this));
}
