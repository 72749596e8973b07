using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Gateway.Dns.Tests;

public sealed class DomainNameTests
{
    private static readonly string Label63 = new('a', 63);

    public static TheoryData<string, string?, string> Texts => new()
    {
        { "mail.example.com", "mail.example.com", "the usual" },
        { "mail.example.com.", "mail.example.com", "a final dot changes nothing" },
        { ".", ".", "the root" },
        { "", null, "nothing is not the root" },
        { "..", null, "an empty label" },
        { "a..b", null, "an empty label within" },
        { ".a", null, "an empty label first" },
        { "a..", null, "an empty label last" },
        { "0/25.2.0.192.in-addr.arpa", "0/25.2.0.192.in-addr.arpa", "RFC 2317 §4" },
        { "_spf.example.com", "_spf.example.com", "an underscore is an octet as any other" },
        { @"a\.b.c", @"a\.b.c", "an escaped dot is no separator" },
        { @"a\046b.c", @"a\.b.c", "a dot as a number" },
        { @"\255.c", @"\255.c", "the largest octet" },
        { @"\256.c", null, "no octet" },
        { @"\25", null, "two digits only" },
        { @"\25 .c", null, "a space is no digit" },
        { @"\", null, "an escape of nothing" },
        { "a b", null, "a bare space" },
        { @"a\032b", @"a\032b", "an escaped space" },
        { "a\tb", null, "a bare control character" },
        { "a\0b", null, "a bare NUL" },
        { "münchen.example", null, "a U-label is no name of the DNS" },
        { @"m\ü.example", null, "escaping does not make it an octet" },
        { Label63 + ".com", Label63 + ".com", "63 octets" },
        { Label63 + "a.com", null, "64 octets" },
        { $"{Label63}.{Label63}.{Label63}.{new string('b', 61)}", $"{Label63}.{Label63}.{Label63}.{new string('b', 61)}", "255 octets" },
        { $"{Label63}.{Label63}.{Label63}.{new string('b', 61)}.", $"{Label63}.{Label63}.{Label63}.{new string('b', 61)}", "255 octets and a dot" },
        { $"{Label63}.{Label63}.{Label63}.{new string('b', 62)}", null, "256 octets" },
        { new string('x', 5000), null, "far too long" },
        { string.Concat(Enumerable.Repeat("a.", 127)), string.Concat(Enumerable.Repeat("a.", 127))[..^1], "127 labels" },
        { string.Concat(Enumerable.Repeat("a.", 128)), null, "128 labels" },
    };

    [Theory, MemberData(nameof(Texts))]
    public void Text_becomes_a_name_or_none(string text, string? expected, string reason)
    {
        var isName = DomainName.TryParse(text, out var name);

        Assert.True(isName == expected is not null, reason);
        Assert.True(name?.ToString() == expected, reason);
    }

    [Fact]
    public void Every_name_survives_its_presentation_form() => Prop.ForAll(Arbitrary.Names, name =>
        DomainName.Parse(name.ToString()).Wire.SequenceEqual(name.Wire)
        && name.ToString().All(static letter => letter is > ' ' and < '\x7F')).QuickCheckThrowOnFailure();

    [Fact]
    public void Equality_and_hash_ignore_the_case_of_ascii_letters_alone() => Prop.ForAll(Arbitrary.Names, name =>
    {
        var folded = DomainName.FromWire([.. name.Wire.ToArray().Select(static octet => octet is >= 65 and <= 90 ? (byte)(octet + 32) : octet)])!;
        return folded == name && folded.GetHashCode() == name.GetHashCode();
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Example.COM", "example.com", true, "RFC 4343")]
    [InlineData(@"\228.example", @"\196.example", false, "no letters outside ASCII")]
    [InlineData(@"\228.EXAMPLE", @"\228.example", true, "the case beside them still does not count")]
    [InlineData(@"a[.example", @"a{.example", false, "0x20 parts them, but they are no letters")]
    [InlineData(@"a\.b", "a.b", false, "one label is not two")]
    [InlineData("a.example", "b.example", false, "another name")]
    public void Names_are_equal_as_rfc_4343_says(string left, string right, bool equal, string reason) =>
        Assert.True(DomainName.Parse(left) == DomainName.Parse(right) == equal, reason);

    [Theory]
    [InlineData("mail.example.com", true, "the usual")]
    [InlineData("3com.example", true, "RFC 1123 §2.1: a digit first")]
    [InlineData("xn--mnchen-3ya.example", true, "an A-label")]
    [InlineData("1.2.3.example", true, "digits below a name")]
    [InlineData("localhost", false, "one label")]
    [InlineData(".", false, "the root")]
    [InlineData("192.0.2.25", false, "an address")]
    [InlineData("mail.example.123", false, "no top level is all digits")]
    [InlineData("mail.-example.com", false, "a hyphen first")]
    [InlineData("mail.example-.com", false, "a hyphen last")]
    [InlineData("my_mail.example.com", false, "an underscore")]
    [InlineData("0/25.2.0.192.in-addr.arpa", false, "a slash")]
    [InlineData(@"mail\.x.example.com", false, "a dot within a label")]
    [InlineData(@"m\228il.example.com", false, "an octet outside ASCII")]
    public void A_host_name_is_letters_digits_and_inner_hyphens(string text, bool expected, string reason) =>
        Assert.True(DomainName.Parse(text).IsHostName == expected, reason);

    [Theory]
    [InlineData("a.example.com", "example.com", true, "below")]
    [InlineData("EXAMPLE.com", "example.COM", true, "at")]
    [InlineData("com", "example.com", false, "above")]
    [InlineData("badexample.com", "example.com", false, "the same text, another label")]
    [InlineData(@"a\.example.com", "example.com", false, "an escaped dot parts nothing")]
    [InlineData("anything", ".", true, "all is below the root")]
    [InlineData(".", "com", false, "the root is below nothing")]
    public void A_name_lies_at_or_below_another_by_labels(string name, string ancestor, bool expected, string reason) =>
        Assert.True(DomainName.Parse(name).IsAtOrBelow(DomainName.Parse(ancestor)) == expected, reason);

    [Fact]
    public void Parent_and_prepend_are_inverse() => Prop.ForAll(Arbitrary.Names, name =>
        name.IsRoot ? name.Parent is null : name.Parent!.Prepend(name.Labels.First().Span)! == name).QuickCheckThrowOnFailure();

    [Fact]
    public void Prepend_keeps_to_the_limits()
    {
        var longest = DomainName.Parse($"{Label63}.{Label63}.{Label63}.{new string('b', 59)}");

        Assert.Null(DomainName.Root.Prepend([]));
        Assert.Null(DomainName.Root.Prepend(new byte[64]));
        Assert.NotNull(longest.Prepend("a"u8));
        Assert.Null(longest.Prepend("ab"u8));
    }

    public static TheoryData<byte[], bool, string> WireForms => new()
    {
        { [0], true, "the root" },
        { [1, 65, 0], true, "one label" },
        { [], false, "nothing" },
        { [1, 65], false, "no root" },
        { [1, 65, 0, 0], false, "octets behind the root" },
        { [2, 65, 0], false, "a label over the end" },
        { [0xC0, 12], false, "a pointer is no name" },
        { [64, .. Encoding.ASCII.GetBytes(new string('a', 64)), 0], false, "a label of 64 octets" },
    };

    [Theory, MemberData(nameof(WireForms))]
    public void Wire_form_is_complete_and_uncompressed(byte[] wire, bool expected, string reason) =>
        Assert.True(DomainName.FromWire(wire) is not null == expected, reason);
}
