using System.Net;
using System.Net.Sockets;
using Gateway.Lab.Conversations;
using Gateway.Lab.Hosting;
using Gateway.Lab.Screens;
using Spectre.Console;

namespace Gateway.Lab.Tests.Hosting;

public sealed class LabHostTests : IDisposable
{
    private const string Message = "C: Subject: lab\nC:\nC: .\nS: 250 2.0.0 Captured as …\nC: QUIT\nS: 221 2.0.0 …";

    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task The_lab_opens_judges_a_client_by_its_address_and_tells_what_happened(int width)
    {
        using var output = new StringWriter();
        var screen = new LabScreen(Console(output, width));
        await using (var lab = await LabHost.StartAsync(
            new() { CaptureFolder = _folder, Port = 0, Dns = new(IPAddress.Loopback, 0) }, screen, TestContext.Current.CancellationToken))
        {
            await SendAsync(lab, "127.0.0.1");
            await lab.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Single(Directory.GetFiles(_folder, "*.eml"));
        var lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.Contains(lines, line => line.Contains("127.0.0.1 ", StringComparison.Ordinal)
            && line.Contains("accepted  250 2.0.0 Captured as ", StringComparison.Ordinal));
        Assert.All(lines.Where(line => !line.Contains("curl", StringComparison.Ordinal) && !line.Contains("Captured as", StringComparison.Ordinal)),
            line => Assert.True(line.Length <= width, line));
        Assert.DoesNotContain('\x1b', output.ToString());
    }

    [Fact]
    public async Task The_lab_can_be_reached_from_other_machines()
    {
        using var output = new StringWriter();
        await using var lab = await LabHost.StartAsync(
            new() { CaptureFolder = _folder, Address = IPAddress.Any, Port = 0, Dns = new(IPAddress.Loopback, 0) },
            new LabScreen(Console(output, 120)), TestContext.Current.CancellationToken);

        Assert.Equal((IPAddress.Any, IPAddress.Any), (lab.Places.ByRecipient.Address, lab.Places.Proxied.Address));
        await SendAsync(lab, "127.0.0.1");
        Assert.Single(Directory.GetFiles(_folder, "*.eml"));
    }

    [Fact]
    public async Task A_DNS_port_that_is_in_use_is_told_with_the_one_that_takes_its_place()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        using var output = new StringWriter();
        await using var lab = await LabHost.StartAsync(
            new() { CaptureFolder = _folder, Port = 0, PreferredDns = (IPEndPoint)other.LocalEndpoint },
            new LabScreen(Console(output, 80)), TestContext.Current.CancellationToken);

        Assert.Contains($"Another program uses {other.LocalEndpoint}, so the lab's DNS server listens on {lab.Places.Dns} instead.", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_refused_for_its_form_is_shown_with_the_reply_to_it()
    {
        using var output = new StringWriter();
        await using (var lab = await LabHost.StartAsync(
            new() { CaptureFolder = _folder, Port = 0, Dns = new(IPAddress.Loopback, 0) }, new LabScreen(Console(output, 120)), TestContext.Current.CancellationToken))
        {
            await SendAsync(lab, "127.0.0.1", @"C> one\ntwo\r\n.\r\n" + "\nS: 550 5.6.11 …");
            await lab.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains("refused   550 5.6.11 the message has a bare CR or LF", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task SendAsync(LabHost lab, string from, string message = Message)
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
            {message}
            @closed

            """);
        await using var scene = new LiveScene(new() { Server = new IPEndPoint(IPAddress.Loopback, lab.Places.ByRecipient.Port), HeloName = "client.example" }, conversation, "standard");
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
