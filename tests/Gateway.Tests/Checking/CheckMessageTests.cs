using System.Text.Json;
using Gateway.Server.Checking;

namespace Gateway.Tests.Checking;

/// <summary>KB257538: what the header of a message tells about where it came from.</summary>
public sealed class CheckMessageTests : IDisposable
{
    private const string Message = """
        Return-Path: <ann@source.com>
        Authentication-Results: mx.receiver.example;
         spf=pass (sender is permitted) smtp.mailfrom=source.com;
         dkim=fail (bad signature) header.d=source.com header.s=s1;
         iprev=permerror policy.iprev=209.54.61.77
        Received: from store.receiver.example (mx.receiver.example [10.0.0.5])
         by store.receiver.example with ESMTPS id 3; Fri, 20 Jan 2006 22:15:47 -0500
        Received: from mail2.source.com (unknown [209.54.61.77])
         by mx.receiver.example (Postfix) with ESMTP id 2 for <bob@receiver.example>;
         Fri, 20 Jan 2006 22:15:42 -0500
        Received: from desk ([IPv6:fd00::7]) by mail2.source.com with ESMTPA id 1; Fri, 20 Jan 2006 22:15:40 -0500 (EST)
        DKIM-Signature: v=1; a=rsa-sha256; d=source.com; s=s1; b=AAAA
        From: Ann <ann@source.com>
        To: bob@receiver.example
        Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
        Date: Fri, 20 Jan 2006 22:15:39 -0500
        Message-ID: <1@source.com>

        The body is not looked at.
        Received: from nobody by nobody
        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task The_way_of_a_message_is_told_with_the_oldest_server_first_and_names_the_server_to_check()
    {
        var (code, output, error) = await ReadAsync(Message);

        Assert.Equal((0, ""), (code, error));
        var words = Words(output);
        Assert.Contains("1 mail2.source.com received it from desk [fd00::7, private] with ESMTPA, 2006-01-20 22:15:40 -05:00", words, StringComparison.Ordinal);
        Assert.Contains("2 mx.receiver.example received it from mail2.source.com [209.54.61.77] with ESMTP, 2 s later", words, StringComparison.Ordinal);
        Assert.Contains("3 store.receiver.example received it from store.receiver.example with the name mx.receiver.example [10.0.0.5, private] with ESMTPS, 5 s later", words, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody", words, StringComparison.Ordinal);
        Assert.Contains("gateway check 209.54.61.77 --helo mail2.source.com --from ann@source.com", words, StringComparison.Ordinal);
        Assert.Contains("Subject Grüße", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_servers_found_out_is_shown_with_the_server_that_says_so()
    {
        var (_, output, _) = await ReadAsync(Message);

        var words = Words(output);
        Assert.Contains("pass spf smtp.mailfrom=source.com", words, StringComparison.Ordinal);
        Assert.Contains("fail dkim header.d=source.com header.s=s1", words, StringComparison.Ordinal);
        Assert.Contains("permerror iprev policy.iprev=209.54.61.77 (by mx.receiver.example)", words, StringComparison.Ordinal);
        Assert.Contains("by source.com, with the key s1._domainkey.source.com", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_tells_the_same()
    {
        var (code, output, _) = await ReadAsync(Message, "--json");

        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        var message = document.RootElement.GetProperty("message");
        Assert.Equal(["fields", "hops", "results", "signatures", "command"], message.EnumerateObject().Select(key => key.Name));
        Assert.Equal(["desk", "mail2.source.com", "store.receiver.example"], message.GetProperty("hops").EnumerateArray().Select(hop => hop.GetProperty("from").GetString()));
        Assert.Equal("fail", message.GetProperty("results")[1].GetProperty("result").GetString());
        Assert.Equal("gateway check 209.54.61.77 --helo mail2.source.com --from ann@source.com", message.GetProperty("command").GetString());
    }

    [Theory]
    [InlineData("from a.example (b.example [192.0.2.1]) by c.example with ESMTPS id x; Fri, 20 Jan 2006 22:15:42 -0500", "a.example|b.example|192.0.2.1|c.example|ESMTPS|2006")]
    [InlineData("from a.example ([192.0.2.1]) by c.example", "a.example||192.0.2.1|c.example||")]
    [InlineData("from [192.0.2.1] (port=99 helo=a) by c.example; nonsense", "[192.0.2.1]||192.0.2.1|c.example||")]
    [InlineData("from a.example (HELO x) (192.0.2.1) by c.example (qmail) with SMTP; 20 Jan 2006 22:15:42 -0000", "a.example||192.0.2.1|c.example|SMTP|2006")]
    [InlineData("from a (a [IPv6:2001:db8::1]) (using TLSv1.3 (256/256 bits)) by c.example", "a||2001:db8::1|c.example||")]
    [InlineData("by c.example (Postfix, from userid 0) id x; Fri, 20 Jan 2006 22:15:42 -0500", "|||c.example||2006")]
    [InlineData("by c.example (10.1.2.3) with HTTP", "|||c.example|HTTP|")]
    [InlineData("from (((((", "|||||")]
    [InlineData("", "|||||")]
    public void Received_fields_are_read_as_servers_write_them(string field, string expected)
    {
        var hop = ReceivedHop.Parse(field);

        Assert.Equal(expected, string.Join('|', hop.From, hop.ClientName, hop.Address, hop.By, hop.With, hop.Date?.Year));
    }

    [Theory]
    [InlineData("", "the file does not begin with a header")]
    [InlineData("just text\n\nmore", "the file does not begin with a header")]
    public async Task What_is_no_message_is_wrong_use(string text, string expected)
    {
        var (code, output, error) = await ReadAsync(text);

        Assert.Equal((64, ""), (code, output));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_and_an_address_beside_it_are_wrong_use()
    {
        var (missing, _, one) = await CheckedDns.RunAsync("check", "--message", "/nowhere/message.eml");
        var (both, _, other) = await CheckedDns.RunAsync("check", "192.0.2.1", "--message", _file);

        Assert.Equal((64, 64), (missing, both));
        Assert.Contains("--message: ", one, StringComparison.Ordinal);
        Assert.Contains("--message cannot be combined with an address, --file or --probe", other, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_holds_nothing_that_a_shell_would_run()
    {
        var (_, output, _) = await ReadAsync("Return-Path: <$(reboot)@example.org>\nReceived: from `reboot`.example ([192.0.2.7]) by mx.example\nFrom: a@example.org\n\nbody\n");

        Assert.EndsWith("gateway check 192.0.2.7", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strangers_header_reaches_the_terminal_without_control_characters()
    {
        var (_, output, _) = await ReadAsync("From: a@example.org\nSubject: =?utf-8?Q?x=1B[2Jy=E2=80=AEz?=\nReceived: from \u001b[2Jevil.example by x\n\nbody\n");

        Assert.DoesNotContain('\u001b', output);
        Assert.DoesNotContain('\u202e', output);
    }

    private async Task<(int Code, string Output, string Error)> ReadAsync(string message, params string[] more)
    {
        await File.WriteAllTextAsync(_file, message.ReplaceLineEndings("\n"), TestContext.Current.CancellationToken);
        return await CheckedDns.RunAsync(["check", "--message", _file, .. more]);
    }

    private static string Words(string output) => string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
