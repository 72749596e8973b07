using System.Text;
using Gateway.Dns;
using Gateway.Dns.Tests;

namespace Gateway.Fuzzing.Dns;

/// <summary>
/// A zone file (<see cref="MasterFile"/>). There is a zone or there are errors, never both; each error names a line of the file; what was
/// read fits on the wire, is written as text and read again, and every name of the zone has an answer.
/// </summary>
internal static class ZoneTarget
{
    private static readonly DomainName Origin = DomainName.Parse("example.test");

    public static void Check(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        var file = MasterFile.Read(text, "fuzz.zone", Origin, static name => name == "inner" ? "inner A 192.0.2.1\n" : null);
        Property.Same(file.Errors.Count == 0, file.Zone is not null, "there is a zone if and only if there is no error");
        var lines = 1 + text.AsSpan().Count('\n');
        foreach (var error in file.Errors)
            Property.Holds(error.Line >= 1 && error.Line <= lines, "an error names a line of the file", error);
        if (file.Zone is not { } zone)
            return;
        foreach (var record in zone.Records)
            CheckRecord(zone, record);
        foreach (var rule in file.Faults)
            Property.Same(rule.Fault, Again(rule.Fault), "a fault's text is the same fault again");
    }

    private static void CheckRecord(Zone zone, ResourceRecord record)
    {
        Property.Holds(record.Owner.IsAtOrBelow(zone.Origin), "a record outside of its zone");
        Property.Holds(record.TimeToLive >= TimeSpan.Zero && record.TimeToLive.TotalSeconds <= int.MaxValue, "a TTL has 31 bits");
        var answer = zone.Find(new(record.Owner, record.Type));
        Property.Holds(answer.Outcome is ZoneOutcome.Found or ZoneOutcome.Referral or ZoneOutcome.Alias, "a record of a zone is found", record);
        var message = new DnsMessage { Id = 1, Answers = [record] };
        var wire = new byte[ushort.MaxValue];
        var length = DnsMessageWriter.Write(message, wire, out var truncated);
        Property.Holds(truncated || DnsMessageReader.TryRead(wire.AsSpan(0, length), out var read, out _)
            && WireText.Of(read.Answers) == WireText.Of(message.Answers), "a record of a zone is the same on the wire");
        LineTarget.CheckText(record);
    }

    private static Fault? Again(Fault fault) => Fault.TryParse(fault.ToString(), out var again) ? again : null;
}
