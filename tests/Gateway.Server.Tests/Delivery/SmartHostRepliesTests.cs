using Gateway.Tests;

namespace Gateway.Server.Tests.Delivery;

public sealed class SmartHostRepliesTests
{
    [Theory]
    [InlineData("RCPT", "550 5.1.1 Nobody here", "550 5.1.1 Nobody here", "class, status and text are passed on")]
    [InlineData("RCPT", "550 Nobody here", "550 5.0.0 Nobody here", "RFC 2034 §4: a status where there was none")]
    [InlineData("MAIL", "452 4.3.1 Disk full", "452 4.3.1 Disk full", "temporary stays temporary")]
    [InlineData(".", "554 5.7.1 Spam", "554 5.7.1 Spam", "the verdict on the message")]
    [InlineData(".", "451-4.7.1 Greylisted\r\n451 4.7.1 come back", "451 4.7.1 Greylisted / come back", "all lines")]
    [InlineData(".", "250 2.6.0 queued as 4711", "250 2.6.0 queued as 4711", "yes, in its words")]
    [InlineData("RCPT", "421 4.3.2 closing", "451 4.3.2 closing", "421 would close the client's connection too")]
    [InlineData(".", "421 closing", "451 4.0.0 closing", "the same without a status")]
    [InlineData("MAIL", "530 5.7.0 Authentication required", "451 4.3.5 ", "our trouble, not the message's")]
    [InlineData("greeting", "554 5.7.1 Not you", "451 4.4.1 ", "a smart host that refuses us refuses no message")]
    [InlineData("EHLO", "421 4.3.2 busy", "451 4.4.1 ", "the same, for now")]
    public async Task The_client_hears_the_smart_hosts_own_reply(string command, string said, string heard, string reason)
    {
        await using var server = new ScriptedSmartHost { Answers = (_, asked) => asked == command ? said : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);

        var result = await host.SendAsync();

        Assert.StartsWith(heard, result.Reply.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(reason);
    }

    [Fact]
    public async Task Eight_bit_content_goes_unchanged_to_a_server_without_8BITMIME_and_that_is_noted()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);

        var result = await host.SendAsync("Subject: x\r\n\r\nGrüße\r\n");

        Assert.Equal(250, result.Reply.Code);
        Assert.Contains("8-bit content was sent unchanged", result.Note, StringComparison.Ordinal);
        Assert.Equal("Subject: x\r\n\r\nGr\u00c3\u00bc\u00c3\u009fe\r\n", Assert.Single(server.Messages));
    }

    [Fact]
    public async Task Eight_bit_content_is_refused_where_the_configuration_says_so()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System, "SmartHosts:0:EightBit=Refuse");

        Assert.StartsWith("554 5.6.3 ", (await host.SendAsync("Subject: x\r\n\r\nGrüße\r\n")).Reply.ToString(), StringComparison.Ordinal);
        Assert.Equal(250, (await host.SendAsync()).Reply.Code);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_server_with_8BITMIME_is_told_and_nothing_is_noted()
    {
        await using var server = new ScriptedSmartHost { Answers = (_, asked) => asked == "EHLO" ? "250-scripted\r\n250 8BITMIME" : null };
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System, "SmartHosts:0:EightBit=Refuse");

        Assert.Null((await host.SendAsync("Subject: x\r\n\r\nGrüße\r\n")).Note);
        Assert.EndsWith(" BODY=8BITMIME", server.Heard("MAIL"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_internationalised_address_is_refused_when_the_server_cannot_take_it()
    {
        await using var server = new ScriptedSmartHost();
        await using var host = Deliveries.To(server.Endpoint, TimeProvider.System);

        var result = await host.SendAsync(to: "böb@gateway.test");

        Assert.StartsWith("553 5.6.7 ", result.Reply.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Messages);
    }
}
