using System.CommandLine.Parsing;
using System.Net;
using Gateway.Commands;
using Gateway.Dns;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Gateway.Smtp;

namespace Gateway.Checking;

/// <summary>Reads what was typed; a mistake says what to type instead.</summary>
internal static class CheckArguments
{
    public const string AddressWanted = "an address such as 203.0.113.5 or 2001:db8::25, or a host name such as mail.example.com";

    public static CheckSubject[] Subjects(ArgumentResult result)
    {
        var subjects = new List<CheckSubject>();
        foreach (var token in result.Tokens)
            if (Subject(token.Value, out var problem) is { } subject)
                subjects.Add(subject);
            else
                result.AddError(problem);
        return [.. subjects];
    }

    public static CheckSubject? Subject(string text, out string problem)
    {
        var inner = text is ['[', .. var between, ']'] ? between : text;
        problem = "";
        if (!inner.AsSpan().ContainsAny("[]%/") && Allowed.ParseAddress(inner) is { } address)
            return new CheckSubject.OfAddress(address);
        // "10.1" is half an address, and no host has a name of digits only (RFC 1123 §2.1).
        if (text.Any(char.IsLetter) && InternationalName.TryParse(text, out var name) && name.IsHostName)
            return new CheckSubject.OfHost(name);
        problem = Problem(text);
        return null;
    }

    /// <summary>Refuses a year of which nothing can be known.</summary>
    public static int? Era(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var year) && year is >= 1982 and <= 2999)
            return year;
        result.AddError($"--era wants a year such as 2006, not \"{result.Tokens[0].Value}\"");
        return null;
    }

    private static string Problem(string text)
    {
        var shown = $"\"{(text.Length > 80 ? text[..77] + "..." : text)}\"";
        if (text.StartsWith('-'))
            return $"there is no option {shown}";
        if (text.Contains('/'))
            return $"{shown} is a network: type {AddressWanted} of it";
        return text.Contains('@')
            ? $"{shown} is a mailbox: type {AddressWanted}, and the mailbox behind --from"
            : $"{shown} is neither an address nor a host name: type {AddressWanted}";
    }

    public static ForwardPath? To(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (MailArguments.Recipient(text) is { } path)
            return path;
        result.AddError($"--to wants a recipient such as user@example.org, not \"{text}\"");
        return null;
    }

    public static IPEndPoint[] Servers(ArgumentResult result)
    {
        var servers = new List<IPEndPoint>();
        foreach (var token in result.Tokens)
            if (Allowed.ParseServer(token.Value) is { } server)
                servers.Add(server);
            else
                result.AddError($"--dns wants the address of a DNS server, such as 9.9.9.9 or 127.0.0.1:5300, not \"{token.Value}\"");
        return [.. servers];
    }

    public static DomainName[] Lists(ArgumentResult result)
    {
        var lists = new List<DomainName>();
        foreach (var token in result.Tokens)
            if (Allowed.ParseAddressList(token.Value) is { } zone)
                lists.Add(zone);
            else
                result.AddError($"--list wants the domain of a block list such as bl.example.org, not \"{token.Value}\"");
        return [.. lists];
    }

    public static ResourceRecord[] Records(ArgumentResult result)
    {
        var records = new List<ResourceRecord>();
        foreach (var token in result.Tokens)
            if (RecordText.TryParse(token.Value, out var record, out var problem))
                records.Add(record);
            else
                result.AddError($"--assume \"{token.Value}\": {problem}. Write one line of a zone file, such as \"76.61.54.209.in-addr.arpa. PTR mail.source.com.\"");
        foreach (var alias in records.OfType<CnameRecord>().Where(alias => records.Any(other => other.Owner == alias.Owner && other != alias)))
            result.AddError($"--assume: {alias.Owner} cannot have a CNAME beside other records (RFC 1034 §3.6.2)");
        return [.. records];
    }
}
