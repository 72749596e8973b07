using System.CommandLine;
using System.Net;
using Gateway.Checking;
using Gateway.Commands;
using Gateway.Exchange;
using Gateway.Lab.Talking;
using Gateway.Smtp;

namespace Gateway.Sending;

/// <summary>The options of <c>gateway send</c>.</summary>
internal static class SendOptions
{
    public static readonly Option<SendArguments.Server?> To = new("--to")
    {
        Description = "Send to this server, for example mail.example.com:25. Without a port: 25, or 465 with --tls=implicit. [default: the MX hosts of the recipient's domain]",
        HelpName = "HOST[:PORT]",
        CustomParser = SendArguments.To,
    };

    public static readonly Option<int?> Port = new("--port")
    {
        Description = "The port of the MX hosts, when --to is not given. [default: 25, or 465 with --tls=implicit]",
        HelpName = "PORT",
        CustomParser = SendArguments.Port,
    };

    public static readonly Option<IPEndPoint[]> DnsServers = new("--dns")
    {
        Description = "Look up the MX hosts and their addresses at this DNS server. May be repeated. [default: the DNS servers of the system]",
        HelpName = "ADDRESS[:PORT]",
        CustomParser = CheckArguments.Servers,
        DefaultValueFactory = static _ => [],
    };

    public static readonly Option<IPAddress?> Client = new("--client")
    {
        Description = "The client address that the server sees, for example 203.0.113.5. The server must allow it; see --via. [default: this machine's address]",
        HelpName = "ADDRESS",
        CustomParser = SendArguments.Client,
    };

    public static readonly Option<ConnectMethod> Via = new("--via")
    {
        Description = "How the server gets to know the --client address: bind (connect from it; it must be an address of this machine), xclient, proxy (PROXY header, version 2), proxy-v1, or auto (bind if possible, else xclient). [default: auto]",
        HelpName = "WAY",
        CustomParser = SendArguments.Via,
    };

    public static readonly Option<string?> Name = new("--name")
    {
        Description = "The client's host name to send in XCLIENT. [UNAVAILABLE] means no name, [TEMPUNAVAIL] a failed lookup. [default: no name is sent]",
        HelpName = "NAME",
    };

    public static readonly Option<Helo?> HeloName = new("--helo")
    {
        Description = "The name to send in EHLO. [default: --name, else the address of --client in brackets, else this machine's name]",
        HelpName = "NAME",
        CustomParser = MailArguments.Helo,
    };

    public static readonly Option<ReversePath?> From = new("--from")
    {
        Description = "The sender address in MAIL FROM. [default: postmaster at the EHLO name, or <> if that is not a domain]",
        HelpName = "MAILBOX",
        CustomParser = MailArguments.From,
    };

    public static readonly Option<ForwardPath[]> Recipients = new("--rcpt")
    {
        Description = "A recipient. May be repeated.",
        HelpName = "MAILBOX",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = SendArguments.Recipients,
    };

    public static readonly Option<string?> MessageFile = new("--file", "-f") { Description = "Send the message in this file (- reads standard input). Each bare LF becomes CRLF. [default: a short test message]", HelpName = "FILE" };

    public static readonly Option<bool> Raw = new("--raw") { Description = "Send the line ends of --file unchanged." };

    public static readonly Option<string?> Subject = new("--subject") { Description = "The subject of the test message. [default: \"A test of gateway send\"]", HelpName = "TEXT" };

    public static readonly Option<string?> Body = new("--body") { Description = "The text of the test message. [default: a sentence]", HelpName = "TEXT" };

    public static readonly Option<TlsUse?> Tls = new("--tls")
    {
        Description = "Require TLS: starttls (also for --tls alone), or implicit, which starts TLS at once. [default: no TLS]",
        HelpName = "starttls|implicit",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = SendArguments.Tls,
    };

    public static readonly Option<bool> Verify = new("--verify") { Description = "Require a valid certificate for the server's name. [default: any certificate is accepted]" };

    public static readonly Option<string?> Auth = new("--auth")
    {
        Description = $"Log in with AUTH PLAIN, or AUTH LOGIN if the server lacks PLAIN. Without a password, the command reads it from {Password.Variable}, or asks for it. [default: no login]",
        HelpName = "USER[:PASSWORD]",
    };

    public static readonly Option<bool> AuthInClear = new("--auth-in-clear") { Description = "Let --auth send the password without TLS. [default: only over TLS]" };

    public static readonly Option<TimeSpan?> Patience = new("--patience")
    {
        Description = "How many seconds to wait for each reply. [default: 30]",
        HelpName = "SECONDS",
        CustomParser = SendArguments.Patience,
    };

    public static readonly Option<string?> As = ExchangeOption.Create();

    public static readonly Option<bool> Json = new("--json") { Description = "Print JSON for other programs, one object on each line. The last object is the result." };

    public static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Print only the result, not the dialogue." };
}
