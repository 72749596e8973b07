using System.CommandLine;
using System.Net;
using Gateway.Commands;
using Gateway.Dns;
using Gateway.Server.Checking;
using Gateway.Smtp;

namespace Gateway.Checking;

/// <summary>What can be typed behind <c>gateway check</c>.</summary>
internal static class CheckOptions
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    public static readonly Option<FileInfo?> Config = new("--config", "-c")
    {
        Description = "A configuration whose DNS servers, profiles and limits are used. [default: none is read]",
        HelpName = "FILE",
    };

    public static readonly Argument<CheckSubject[]> Subjects = new("ADDRESS")
    {
        Description = "The address from which the mail comes, as the world sees it, or a host name whose addresses are asked for; several for a summary.",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = CheckArguments.Subjects,
    };

    public static readonly Option<FileInfo?> SubjectsFrom = new("--file", "-f")
    {
        Description = "Read addresses or host names from this file, one in each line.",
        HelpName = "FILE",
    };

    public static readonly Option<Helo?> HeloName = new("--helo")
    {
        Description = "What the server says after EHLO. [default: the host name, or the name of the address in the DNS]",
        HelpName = "NAME",
        CustomParser = MailArguments.Helo,
    };

    public static readonly Option<ReversePath?> From = new("--from")
    {
        Description = "The return address, whose domain is looked up.",
        HelpName = "MAILBOX",
        CustomParser = MailArguments.From,
    };

    public static readonly Option<ForwardPath?> To = new("--to")
    {
        Description = $"The recipient; postmaster and abuse are exempt everywhere. [default: {CheckRequest.Somebody.Mailbox}]",
        HelpName = "MAILBOX",
        CustomParser = CheckArguments.To,
    };

    public static readonly Option<string[]> Profiles = new("--profile", "-p")
    {
        Description = "Let these profiles judge, parted by commas, or \"all\"; \"gateway profiles\" lists them. [default: the receivers of today]",
        HelpName = "NAMES",
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<int?> Era = new("--era")
    {
        Description = "Let the receivers judge as they were in this year, such as 2006. [default: today]",
        HelpName = "YEAR",
        CustomParser = CheckArguments.Era,
    };

    public static readonly Option<IPEndPoint[]> DnsServers = new("--dns")
    {
        Description = "The DNS server to ask; may be repeated. [default: the system's]",
        HelpName = "ADDRESS[:PORT]",
        CustomParser = CheckArguments.Servers,
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<ResourceRecord[]> Assume = new("--assume")
    {
        Description = "Take a record as if it were published, such as \"5.113.0.203.in-addr.arpa. PTR mail.example.com.\"; may be repeated.",
        HelpName = "RECORD",
        CustomParser = CheckArguments.Records,
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<bool> Lists = new("--lists")
    {
        Description = "Ask public block lists whether they have the address, and say how it is taken off each. [default: off, for the lists learn what is asked]",
    };

    public static readonly Option<DomainName[]> MoreLists = new("--list")
    {
        Description = "Ask this block list too; may be repeated.",
        HelpName = "ZONE",
        CustomParser = CheckArguments.Lists,
        DefaultValueFactory = _ => [],
    };

    public static readonly Option<bool> Probe = new("--probe")
    {
        Description = "Greet each MX host of the domain (of --from, or typed in the place of ADDRESS), and say who answers. Sends no message.",
    };

    public static readonly Option<int?> Port = new("--port")
    {
        Description = "The port of the MX hosts, for --probe. [default: 25]",
        HelpName = "PORT",
        CustomParser = Sending.SendArguments.Port,
    };

    public static readonly Option<FileInfo?> Message = new("--message")
    {
        Description = "Read the header of a message in this file (- for standard input): its way, what servers found out, and which address to check.",
        HelpName = "FILE",
    };

    public static readonly Option<bool> Details = new("--details")
    {
        Description = "Show every query, every finding, and the words of every profile, also where all is well.",
    };

    public static readonly Option<bool> AsJson = new("--json") { Description = "Print one JSON document (docs/check.md)." };
}
