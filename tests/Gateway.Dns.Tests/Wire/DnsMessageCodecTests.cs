using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Dns.Tests;

public sealed class DnsMessageCodecTests
{
    [Fact]
    public void What_is_written_is_read_again() => Prop.ForAll(Arbitrary.Messages, message =>
    {
        var wire = new byte[65535];
        var length = DnsMessageWriter.Write(message, wire, out var truncated);
        var isRead = DnsMessageReader.TryRead(wire.AsSpan(0, length), out var read, out var error);
        return (isRead && !truncated && WireText.Of(read!) == WireText.Of(message)).Label(error ?? WireText.Of(read!));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_message_that_does_not_fit_loses_whole_records_from_its_end() => Prop.ForAll(Arbitrary.Messages, message =>
    {
        var wire = new byte[512];
        var length = DnsMessageWriter.Write(message, wire, out var truncated);
        return DnsMessageReader.TryRead(wire.AsSpan(0, length), out var read, out _)
            && read.IsTruncated == truncated
            && read.EdnsPayloadSize == message.EdnsPayloadSize
            && WireText.Of(read.Answers) == WireText.Of(message.Answers.Take(read.Answers.Count))
            && WireText.Of(read.Authorities) == WireText.Of(message.Authorities.Take(read.Authorities.Count))
            && truncated == (read.Answers.Count < message.Answers.Count || read.Authorities.Count < message.Authorities.Count)
            && (!truncated || read.Additionals.Count == 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Random_octets_never_throw() => Prop.ForAll(Arbitrary.Wires, wire =>
        DnsMessageReader.TryRead(wire, out var message, out var error) ? message is not null : error is not null)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_changed_message_never_throws_and_what_is_read_of_it_can_be_written()
    {
        var changes = Gen.ArrayOf(Gen.Choose(0, int.MaxValue), 6).ToArbitrary();
        var config = Config.QuickThrowOnFailure.WithMaxTest(1000);
        Prop.ForAll(Arbitrary.Messages, changes, (message, changes) =>
        {
            var wire = new byte[65535];
            var length = DnsMessageWriter.Write(message, wire, out _);
            for (var i = 0; i < changes.Length; i += 2)
                wire[changes[i] % length] = (byte)changes[i + 1];
            if (DnsMessageReader.TryRead(wire.AsSpan(0, length - (changes[0] % 3)), out var read, out var error))
                return DnsMessageWriter.Write(read, new byte[65535], out _) > 0;
            return error.Length > 0;
        }).Check(config);
    }

    [Fact]
    public void Names_are_compressed_and_keep_their_case()
    {
        var example = DomainName.Parse("Example.com");
        var host = DomainName.Parse("mx.Example.com");
        var message = new DnsMessage
        {
            Id = 1,
            Question = new(example, RecordType.Mx),
            Answers = [new MxRecord(example, TimeSpan.FromSeconds(60), 10, host), new MxRecord(DomainName.Parse("EXAMPLE.com"), TimeSpan.Zero, 20, host)],
        };
        var wire = new byte[512];

        var length = DnsMessageWriter.Write(message, wire, out _);

        // Header 12, question 13+4; owner 2, fixed 10, preference 2, "mx" and a pointer 5; the other case shares only "com".
        Assert.Equal(29 + 19 + (8 + 2 + 10 + 2 + 2), length);
        Assert.True(DnsMessageReader.TryRead(wire.AsSpan(0, length), out var read, out _));
        Assert.Equal("EXAMPLE.com", read.Answers[1].Owner.ToString());
    }

    [Fact]
    public void Additional_records_are_left_out_without_the_truncation_bit()
    {
        var name = DomainName.Parse("example.com");
        var message = new DnsMessage
        {
            Id = 1,
            Question = new(name, RecordType.Txt),
            Additionals = [new OpaqueRecord(name, (RecordType)99, TimeSpan.Zero, new byte[600])],
        };
        var wire = new byte[512];

        var length = DnsMessageWriter.Write(message, wire, out var truncated);

        Assert.False(truncated);
        Assert.True(DnsMessageReader.TryRead(wire.AsSpan(0, length), out var read, out _));
        Assert.False(read.IsTruncated);
    }

    [Fact]
    public void Too_long_explanations_never_push_out_the_answer()
    {
        var message = new DnsMessage { Id = 1, EdnsPayloadSize = 1232, ExtendedErrors = [new(6, new string('x', 400))] };
        var wire = new byte[512];

        var length = DnsMessageWriter.Write(message, wire, out var truncated);

        Assert.False(truncated);
        Assert.True(DnsMessageReader.TryRead(wire.AsSpan(0, length), out var read, out _));
        Assert.Equal((ushort?)1232, read.EdnsPayloadSize);
        Assert.Empty(read.ExtendedErrors);
    }

    [Fact]
    public void An_extended_response_code_without_edns_becomes_servfail_and_never_noerror()
    {
        var wire = new byte[512];
        var length = DnsMessageWriter.Write(new() { Id = 1, ResponseCode = ResponseCode.BadVersion }, wire, out _);

        Assert.True(DnsMessageReader.TryRead(wire.AsSpan(0, length), out var read, out _));
        Assert.Equal(ResponseCode.ServerFailure, read.ResponseCode);
    }
}
