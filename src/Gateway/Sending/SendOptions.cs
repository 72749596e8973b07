using System.CommandLine;
using System.Net;
using Gateway.Checking;
using Gateway.Commands;
using Gateway.Exchange;
using Gateway.Lab.Talking;
using Gateway.Smtp;

namespace Gateway.Sending;

/// <summary>What can be said to <c>gateway send</c>.</summary>
internal static class SendOptions
{
    public static readonly Option<SendArguments.Server?> To = new("--to")
    {
        Description = "The server to talk to. [default: the mail hosts of the recipients' domain, by MX] [default port: 25; 465 with --tls=implicit]",
        HelpName = "HOST[:PORT]",
        CustomParser = SendArguments.To,
    };

    public static readonly Option<int?> Port = new("--port")
    {
        Description = "The port of the mail hosts that are found by MX. [default: 25; 465 with --tls=implicit]",
        HelpName = "PORT",
        CustomParser = SendArguments.Port,
    };

    public static readonly Option<IPEndPoint[]> DnsServers = new("--dns")
    {
        Description = "The DNS server that is asked for the mail hosts and their addresses; may be repeated. [default: those of the system]",
        HelpName = "ADDRESS[:PORT]",
        CustomParser = CheckArguments.Servers,
        DefaultValueFactory = static _ => [],
    };

    public static readonly Option<IPAddress?> Client = new("--client")
    {
        Description = "The client to be. [default: this machine]",
        HelpName = "ADDRESS",
        CustomParser = SendArguments.Client,
    };

    public static readonly Option<ConnectMethod> Via = new("--via")
    {
        Description = "How to be it: auto (bind to an address of this machine, claim any other with XCLIENT), bind, xclient, proxy (a PROXY header, version 2), proxy-v1.",
        HelpName = "WAY",
        CustomParser = SendArguments.Via,
    };

    public static readonly Option<string?> Name = new("--name")
    {
        Description = "The client's host name, for XCLIENT; [UNAVAILABLE] and [TEMPUNAVAIL] are names too.",
        HelpName = "NAME",
    };

    public static readonly Option<Helo?> HeloName = new("--helo")
    {
        Description = "What to say after EHLO. [default: --name, else [the client's address], else this machine's name]",
        HelpName = "NAME",
        CustomParser = MailArguments.Helo,
    };

    public static readonly Option<ReversePath?> From = new("--from")
    {
        Description = "The return address. [default: postmaster of the name in EHLO if it is a domain, else <>]",
        HelpName = "MAILBOX",
        CustomParser = MailArguments.From,
    };

    public static readonly Option<ForwardPath[]> Recipients = new("--rcpt")
    {
        Description = "A recipient; may be repeated.",
        HelpName = "MAILBOX",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = SendArguments.Recipients,
    };

    public static readonly Option<string?> MessageFile = new("--file", "-f") { Description = "The message; - reads standard input. Bare LF become CRLF. [default: a short one]", HelpName = "FILE" };

    public static readonly Option<bool> Raw = new("--raw") { Description = "Sends the file's line ends as they are." };

    public static readonly Option<string?> Subject = new("--subject") { Description = "Of the message that is made.", HelpName = "TEXT" };

    public static readonly Option<string?> Body = new("--body") { Description = "Of the message that is made.", HelpName = "TEXT" };

    public static readonly Option<TlsUse?> Tls = new("--tls")
    {
        Description = "Demands TLS: starttls (also when nothing is said) or implicit.",
        HelpName = "starttls|implicit",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = SendArguments.Tls,
    };

    public static readonly Option<bool> Verify = new("--verify") { Description = "Demands a valid certificate for the server's name." };

    public static readonly Option<string?> Auth = new("--auth")
    {
        Description = $"Authenticates (PLAIN, else LOGIN). [password: from {Password.Variable}, else asked]",
        HelpName = "USER[:PASSWORD]",
    };

    public static readonly Option<bool> AuthInClear = new("--auth-in-clear") { Description = "Also without TLS." };

    public static readonly Option<TimeSpan?> Patience = new("--patience")
    {
        Description = "How long the server may be silent. [default: 30]",
        HelpName = "SECONDS",
        CustomParser = SendArguments.Patience,
    };

    public static readonly Option<string?> As = ExchangeOption.Create();

    public static readonly Option<bool> Json = new("--json") { Description = "A JSON object in each line, the result last." };

    public static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Only what became of it." };
}
