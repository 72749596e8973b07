using System.Net;
using Gateway.Lab.Conversations;
using Gateway.Lab.Hosting;
using Gateway.Lab.Tests.Conversations;

namespace Gateway.Lab.Tests.Hosting;

/// <summary>What the lab's table promises is what the gateway does.</summary>
public sealed class LabClientTests
{
    public static TheoryData<string, string, string> Promises()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var client in LabClient.Shown)
        {
            data.Add(client.Address.ToString(), "standard", client.Standard);
            data.Add(client.Address.ToString(), "aol-2006", client.Aol);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Promises))]
    public async Task Each_client_of_the_table_is_answered_as_the_table_says(string address, string profile, string promise)
    {
        var greetsWithRefusal = promise is not LabClient.Accepted && profile == "aol-2006";
        var rest = promise == LabClient.Accepted ? "S: 250 2.1.5 …" : $"S: {promise} …";
        var conversation = ConversationReader.Read("table", greetsWithRefusal
            ? $"# t\n@client {address}\n@profile {profile}\n{rest}\n@close\n"
            : $"""
            # t
            @client {address}
            @profile {profile}
            S* 220-…
            S: 220 …
            C: HELO client.example
            S: 250 …
            C: MAIL FROM:<ann@good.lab.test>
            S: 250 2.1.0 …
            C: RCPT TO:<bob@gateway.test>
            {rest}
            @close

            """);

        await Play.FaithfullyAsync(conversation, Chunking.Whole);
    }

    [Fact]
    public void Every_client_of_the_table_is_on_loopback() =>
        Assert.All(LabClient.Shown, client => Assert.True(IPAddress.IsLoopback(client.Address)));
}
