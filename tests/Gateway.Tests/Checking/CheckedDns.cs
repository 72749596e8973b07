using System.Collections.Concurrent;
using System.Net;
using Gateway.Commands;
using Gateway.Dns;
using Gateway.Lab.Dns;

namespace Gateway.Tests.Checking;

/// <summary>The lab's zones on a port of their own, and the command that asks them. It counts the questions.</summary>
internal sealed class CheckedDns : IAsyncDisposable
{
    private readonly AuthoritativeServer _server;

    private CheckedDns(params string[] faults)
    {
        var (zones, table) = LabZones.Load([]);
        foreach (var fault in faults.Select(fault => fault.Split(' ', 2)))
            table.Set(DomainName.Parse(fault[0]), type: null, Fault.TryParse(fault[1], out var parsed) ? parsed : throw new FormatException(fault[1]));
        _server = new(new(IPAddress.Loopback, 0), zones, table, TimeProvider.System) { Observer = (question, _, _, _) => Questions.Add(question) };
    }

    public ConcurrentBag<DnsQuestion> Questions { get; } = [];

    public IPEndPoint EndPoint => _server.EndPoint;

    /// <param name="faults"><c>NAME nxdomain</c> and the like, besides those of the zones.</param>
    public static async Task<CheckedDns> StartAsync(params string[] faults)
    {
        var dns = new CheckedDns(faults);
        await dns._server.StartAsync(TestContext.Current.CancellationToken);
        return dns;
    }

    public Task<(int Code, string Output, string Error)> CheckAsync(params string[] arguments) =>
        RunAsync(["check", "--dns", EndPoint.ToString(), .. arguments]);

    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await GatewayCommand.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
