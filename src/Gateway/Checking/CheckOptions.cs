using System.CommandLine;
using System.Net;
using Gateway.Commands;
using Gateway.Dns;
using Gateway.Server.Checking;
using Gateway.Smtp;

namespace Gateway.Checking;

/// <summary>The options and arguments of <c>gateway check</c>.</summary>
internal static class CheckOptions
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    public static readonly Option<FileInfo?> Config = new("--config", "-c")
    {
        Description = "Use the DNS servers, profiles and limits of this configuration. [default: no configuration is read]",
        HelpName = "FILE",
    };

    public static readonly Argument<CheckSubject[]> Subjects = new("ADDRESS")
    {
        Description = "The public address of the server that sends the mail, or its host name. If you type several, the command prints a summary.",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = CheckArguments.Subjects,
    };

    public static readonly Option<FileInfo?> SubjectsFrom = new("--file", "-f")
    {
        Description = "Read addresses or host names from this file, one on each line.",
        HelpName = "FILE",
    };

    public static readonly Option<Helo?> HeloName = new("--helo")
    {
        Description = "The name that the server sends in EHLO. [default: the host name that you typed, else the PTR name of the address]",
        HelpName = "NAME",
        CustomParser = MailArguments.Helo,
    };

    public static readonly Option<ReversePath?> From = new("--from")
    {
        Description = "The sender address in MAIL FROM, for example user@example.com. Its domain is checked too. [default: <>, which has no domain]",
        HelpName = "MAILBOX",
        CustomParser = MailArguments.From,
    };

    public static readonly Option<ForwardPath?> To = new("--to")
    {
        Description = $"The recipient. No receiver refuses mail to postmaster or abuse. [default: {CheckRequest.Somebody.Mailbox}]",
        HelpName = "MAILBOX",
        CustomParser = CheckArguments.To,
    };

    public static readonly Option<string[]> Profiles = new("--profile", "-p")
    {
        Description = "Use these profiles, separated by commas, or \"all\". \"gateway profiles\" lists them. [default: all receivers of today]",
        HelpName = "NAMES",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<int?> Era = new("--era")
    {
        Description = "Use the receivers as they were in this year, for example 2006. [default: today]",
        HelpName = "YEAR",
        CustomParser = CheckArguments.Era,
    };

    public static readonly Option<IPEndPoint[]> DnsServers = new("--dns")
    {
        Description = "Ask this DNS server. May be repeated. [default: the DNS servers of the system]",
        HelpName = "ADDRESS[:PORT]",
        CustomParser = CheckArguments.Servers,
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<ResourceRecord[]> Assume = new("--assume")
    {
        Description = "Check as if this record were published, for example \"5.113.0.203.in-addr.arpa. PTR mail.example.com.\" May be repeated.",
        HelpName = "RECORD",
        CustomParser = CheckArguments.Records,
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<bool> Lists = new("--lists")
    {
        Description = "Ask public block lists whether they list the address, and show how to leave each list. The operators of the lists see these queries. [default: off]",
    };

    public static readonly Option<DomainName[]> MoreLists = new("--list")
    {
        Description = "Ask this block list too, for example bl.example.org. May be repeated.",
        HelpName = "ZONE",
        CustomParser = CheckArguments.Lists,
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<bool> Probe = new("--probe")
    {
        Description = "Connect to each MX host of the domain, and show how it answers. The domain is that of --from, or stands in place of ADDRESS. No message is sent.",
    };

    public static readonly Option<int?> Port = new("--port")
    {
        Description = "The port on which --probe connects to the MX hosts. [default: 25]",
        HelpName = "PORT",
        CustomParser = Sending.SendArguments.Port,
    };

    public static readonly Option<FileInfo?> Message = new("--message")
    {
        Description = "Read the header of the message in this file (- reads standard input). Shows the path of the message, the authentication results in it, and which address to check.",
        HelpName = "FILE",
    };

    public static readonly Option<bool> Details = new("--details")
    {
        Description = "Show every DNS query, the result of every check, and the reply of every receiver.",
    };

    public static readonly Option<bool> AsJson = new("--json") { Description = "Print one JSON document, which docs/check.md describes." };
}
