using System.CommandLine.Parsing;
using System.Net;
using Gateway.Commands;
using Gateway.Dns;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;
using Gateway.Smtp;

namespace Gateway.Checking;

/// <summary>Reads the values on the command line. The error for a wrong value says what to type instead.</summary>
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
        // "10.1" is an incomplete address, not a host name: a host name does not consist of digits only (RFC 1123 §2.1).
        if (text.Any(char.IsLetter) && InternationalName.TryParse(text, out var name) && name.IsHostName)
            return new CheckSubject.OfHost(name);
        problem = Problem(text);
        return null;
    }

    /// <summary>Reads a year, and refuses one before SMTP existed.</summary>
    public static int? Era(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var year) && year is >= 1982 and <= 2999)
            return year;
        result.AddError($"--era \"{result.Tokens[0].Value}\" is not a year: type one such as 2006");
        return null;
    }

    private static string Problem(string text)
    {
        var shown = $"\"{(text.Length > 80 ? text[..77] + "..." : text)}\"";
        if (text.StartsWith('-'))
            return $"{shown} is not an option of this command";
        if (text.Contains('/'))
            return $"{shown} is a network: type one of its addresses, such as 203.0.113.5";
        return text.Contains('@')
            ? $"{shown} is a mail address: type it after --from, and check {AddressWanted}"
            : $"{shown} is neither an address nor a host name: type {AddressWanted}";
    }

    public static ForwardPath? To(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (MailArguments.Recipient(text) is { } path)
            return path;
        result.AddError($"--to \"{text}\" is not a mail address: type one such as user@example.org");
        return null;
    }

    public static IPEndPoint[] Servers(ArgumentResult result)
    {
        var servers = new List<IPEndPoint>();
        foreach (var token in result.Tokens)
            if (Allowed.ParseServer(token.Value) is { } server)
                servers.Add(server);
            else
                result.AddError($"--dns \"{token.Value}\" is not the address of a DNS server: type one such as 9.9.9.9 or 127.0.0.1:5300");
        return [.. servers];
    }

    public static DomainName[] Lists(ArgumentResult result)
    {
        var lists = new List<DomainName>();
        foreach (var token in result.Tokens)
            if (Allowed.ParseAddressList(token.Value) is { } zone)
                lists.Add(zone);
            else
                result.AddError($"--list \"{token.Value}\" is not the domain of a block list: type one such as bl.example.org");
        return [.. lists];
    }

    public static ResourceRecord[] Records(ArgumentResult result)
    {
        var records = new List<ResourceRecord>();
        foreach (var token in result.Tokens)
            if (RecordText.TryParse(token.Value, out var record, out var problem))
                records.Add(record);
            else
                result.AddError($"--assume \"{token.Value}\" is not a DNS record: {problem}. Type one line of a zone file, such as \"5.113.0.203.in-addr.arpa. PTR mail.example.com.\"");
        foreach (var alias in records.OfType<CnameRecord>().Where(alias => records.Any(other => other.Owner == alias.Owner && other != alias)))
            result.AddError($"--assume: {alias.Owner} has a CNAME and other records, and the DNS allows no other record beside a CNAME (RFC 1034 §3.6.2)");
        return [.. records];
    }
}
