using System.Net;
using Gateway.Lab;
using Spectre.Console;

namespace Gateway.Tests.Lab;

public sealed class LabHostTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task The_lab_opens_judges_a_client_by_its_address_and_tells_what_happened(int width)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;
        try
        {
            using var output = new StringWriter();
            var screen = new LabScreen(Console(output, width));
            await using (var lab = await LabHost.StartAsync(
                new() { CaptureFolder = folder, Port = 0, Dns = new(IPAddress.Loopback, 0) }, screen, TestContext.Current.CancellationToken))
            {
                await SendAsync(lab, "127.0.0.1");
                await lab.StopAsync(TestContext.Current.CancellationToken);
            }

            Assert.Single(Directory.GetFiles(folder, "*.eml"));
            var lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
            Assert.Contains(lines, line => line.Contains("127.0.0.1 ", StringComparison.Ordinal)
                && line.Contains("accepted  250 2.0.0 Captured as ", StringComparison.Ordinal));
            Assert.All(lines.Where(line => !line.Contains("curl", StringComparison.Ordinal) && !line.Contains("Captured as", StringComparison.Ordinal)),
                line => Assert.True(line.Length <= width, line));
            Assert.DoesNotContain('\x1b', output.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SendAsync(LabHost lab, string from)
    {
        var conversation = ConversationReader.Read("lab", $"""
            # Over real sockets
            @client {from}
            S: 220 …
            C: HELO client.example
            S: 250 …
            C: MAIL FROM:<ann@good.lab.test>
            S: 250 2.1.0 …
            C: RCPT TO:<bob@gateway.test>
            S: 250 2.1.5 …
            C: DATA
            S: 354 …
            C: Subject: lab
            C:
            C: .
            S: 250 2.0.0 Captured as …
            C: QUIT
            S: 221 2.0.0 …
            @closed

            """);
        await using var scene = new LiveScene(new() { Server = lab.Places.ByRecipient, HeloName = "client.example" }, conversation, "standard");
        var performance = await new ConversationPlayer(TimeProvider.System, TimeSpan.FromSeconds(30))
            .PlayAsync(conversation, scene, Chunking.Whole, TestContext.Current.CancellationToken);
        Assert.True(performance.IsFaithful, performance.ToString());
    }

    private static IAnsiConsole Console(TextWriter output, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        return console;
    }
}
