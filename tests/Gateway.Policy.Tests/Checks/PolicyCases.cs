namespace Gateway.Policy.Tests;

/// <summary>Client and zone, and what each of our own profiles answers.</summary>
public static class PolicyCases
{
    private const string Sender = "example.org MX 10 mx.example.org";
    private const string Good = "192.0.2.1 PTR mail.example.org;mail.example.org A 192.0.2.1;" + Sender;

    public static TheoryData<string, string, string, string, string, string> Table => new()
    {
        // profile, why, zone, HELO, sender, expected: stage and beginning of the reply, or "accept"
        { "standard", "everything right", Good, "mail.example.org", "ann@example.org", "accept" },
        { "standard", "no PTR", Sender, "mail.example.org", "ann@example.org",
            "Recipient 550 5.7.25 Reverse DNS required: no PTR record found for [192.0.2.1], publish one that names your mail server; reason=rdns-none id=S1" },
        { "standard", "PTR in the reverse tree", "192.0.2.1 PTR 1.2.0.192.in-addr.arpa;" + Sender, "mail.example.org", "ann@example.org",
            "Recipient 550 5.7.25 Reverse DNS required: PTR name \"1.2.0.192.in-addr.arpa\" of [192.0.2.1] is not a host name" },
        { "standard", "PTR is an address", "192.0.2.1 PTR 192.0.2.1.;" + Sender, "mail.example.org", "ann@example.org",
            "Recipient 550 5.7.25 Reverse DNS required: PTR name \"192.0.2.1\" of" },
        { "standard", "PTR has one label", "192.0.2.1 PTR localhost;" + Sender, "mail.example.org", "ann@example.org",
            "Recipient 550 5.7.25 Reverse DNS required: PTR name \"localhost\" of" },
        { "standard", "one bad name beside a good one", "192.0.2.1 PTR localhost;192.0.2.1 PTR mail.example.org;" + Sender, "mail.example.org", "ann@example.org", "accept" },
        { "standard", "does not lead back: monitored only", "192.0.2.1 PTR mail.example.org;" + Sender, "mail.example.org", "ann@example.org", "accept" },
        { "standard", "does not lead back for the moment", "192.0.2.1 PTR mail.example.org;mail.example.org A !ServerFailure;" + Sender, "mail.example.org", "ann@example.org", "accept" },
        { "standard", "HELO without a dot: monitored only", Good, "pc", "ann@example.org", "accept" },
        { "standard", "sender domain does not exist", Good, "mail.example.org", "ann@nowhere.example",
            "Recipient 550 5.1.8 Sender address rejected: Domain not found: nowhere.example has neither MX nor address records; reason=sender-nodomain id=S1" },
        { "standard", "sender domain with null MX", Good + ";mute.example MX 0 .", "mail.example.org", "ann@mute.example",
            "Recipient 550 5.7.27 Sender address rejected: mute.example does not accept mail (null MX)" },
        { "standard", "null reverse-path", Good, "mail.example.org", "<>", "accept" },
        { "standard", "sender with an address literal", Good, "mail.example.org", "ann@[192.0.2.1]", "accept" },
        { "standard", "PTR lookup fails", "192.0.2.1 PTR !ServerFailure;" + Sender, "mail.example.org", "ann@example.org",
            "Recipient 451 4.7.25 Reverse DNS failed: the DNS did not answer the lookup of [192.0.2.1], try again later; reason=rdns-temp id=S1" },
        { "standard", "sender lookup fails", Good + ";slow.example MX !TimedOut", "mail.example.org", "ann@slow.example",
            "Recipient 451 4.1.8 Sender address rejected: the DNS did not answer the lookup of slow.example" },
        { "ptr", "no PTR", Sender, "pc", "ann@nowhere.example", "Recipient 550 5.7.25 Reverse DNS required: no PTR record found for" },
        { "ptr", "any PTR will do", "192.0.2.1 PTR localhost", "pc", "ann@nowhere.example", "accept" },
        { "fcrdns", "everything right", Good, "pc", "ann@nowhere.example", "accept" },
        { "fcrdns", "no PTR", Sender, "mail.example.org", "ann@example.org", "Recipient 550 5.7.25 Reverse DNS required: no PTR record found for" },
        { "fcrdns", "does not lead back", "192.0.2.1 PTR liar.example;liar.example A 192.0.2.9", "mail.example.org", "ann@example.org",
            "Recipient 550 5.7.25 Reverse DNS failed: PTR name liar.example does not resolve to [192.0.2.1]" },
        { "fcrdns", "does not lead back for the moment", "192.0.2.1 PTR liar.example;liar.example A !Refused", "mail.example.org", "ann@example.org",
            "Recipient 451 4.7.25 Reverse DNS failed: the DNS did not answer the lookup of [192.0.2.1]" },
        { "strict", "everything right", Good, "mail.example.org", "ann@example.org", "accept" },
        { "strict", "HELO of another host is no reason (RFC 5321 §4.1.4)", Good, "other.example.com", "ann@example.org", "accept" },
        { "strict", "HELO with an address literal", Good, "[192.0.2.1]", "ann@example.org", "accept" },
        { "strict", "HELO with an IPv6 literal", Good, "[IPv6:2001:db8::1]", "ann@example.org", "accept" },
        { "strict", "HELO without a dot", Good, "pc", "ann@example.org", "Recipient 550 5.7.1 HELO name \"pc\" of [192.0.2.1] is neither" },
        { "strict", "HELO with a bare address", Good, "192.0.2.1", "ann@example.org", "Recipient 550 5.7.1 HELO name \"192.0.2.1\"" },
        { "strict", "HELO with an underscore", Good, "my_pc.example.org", "ann@example.org", "Recipient 550 5.7.1 HELO name \"my_pc.example.org\"" },
        { "strict", "HELO with an escape", Good, "\\097.example", "ann@example.org", "Recipient 550 5.7.1 HELO name" },
        { "strict", "HELO with a zone index", Good, "[IPv6:fe80::1%1]", "ann@example.org", "Recipient 550 5.7.1 HELO name" },
        { "strict", "HELO with half a literal", Good, "[1]", "ann@example.org", "Recipient 550 5.7.1 HELO name \"[1]\"" },
        { "observe", "everything wrong", "", "pc", "ann@nowhere.example", "accept" },
        { "observe", "all lookups fail", "192.0.2.1 PTR !ServerFailure;example.org MX !ServerFailure", "pc", "ann@example.org", "accept" },
        { "aol-2006", "everything right", Good, "pc", "ann@nowhere.example", "accept" },
        { "aol-2006", "need not lead back", "192.0.2.1 PTR liar.example", "pc", "ann@nowhere.example", "accept" },
        { "aol-2006", "no PTR", "", "pc", "ann@example.org", "Connect 554 (RTR:BB) http://postmaster.info.aol.com/errors/554rtrbb.html" },
        { "aol-2006", "PTR in the reverse tree", "192.0.2.1 PTR 1.2.0.192.in-addr.arpa", "pc", "ann@example.org",
            "Connect 554 (RTR:BB) http://postmaster.info.aol.com/errors/554rtrbb.html" },
        { "aol-2006", "PTR lookup fails", "192.0.2.1 PTR !TimedOut", "pc", "ann@example.org",
            "Connect 421 4.7.1 : (DNS:NR) http://postmaster.info.aol.com/errors/421dnsnr.html" },
    };
}
