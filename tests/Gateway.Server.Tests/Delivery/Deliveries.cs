using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Dns;
using Gateway.Server.Configuration;
using Gateway.Server.Delivery;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Server.Tests.Delivery;

/// <summary>Makes smart hosts of settings, and hands them messages.</summary>
internal static class Deliveries
{
    public static SmartHost To(IPEndPoint server, TimeProvider time, params string[] settings)
    {
        string[] all =
        [
            "HostName=mx.gateway.test", "Relay:AcceptedDomains:0=gateway.test", $"SmartHosts:0:Host={server.Address}",
            $"SmartHosts:0:Port={server.Port.ToString(CultureInfo.InvariantCulture)}", "SmartHosts:0:Tls=None", .. settings,
        ];
        var options = ConfigurationLoader.Load(null, all);
        return new(options.SmartHosts[0], options.Delivery, options.HostName, new NoDns(), time, new(options.SmartHosts[0], 0, static () => NullLogger.Instance, time));
    }

    public static async Task<RelayResult> SendAsync(this SmartHost host, string content = "Subject: x\r\n\r\nhello\r\n", string to = "bob@gateway.test")
    {
        var recipient = new Mailbox(to.Split('@')[0], to.Split('@')[1]);
        var envelope = new Envelope(new(new("ann", "example.org")), [new(recipient)], default);
        var message = new OutgoingMessage(ReadOnlyMemory<byte>.Empty, MessageContent.FromBytes(Encoding.UTF8.GetBytes(content)), []);
        var results = await host.DeliverAsync(envelope, message, TestContext.Current.CancellationToken);
        Assert.Equal(1, results.Count);
        return results[0].Result;
    }

    /// <summary>Smart hosts that are addresses ask nobody.</summary>
    public sealed class NoDns : IDnsResolver
    {
        public ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"{question} was asked");
    }
}
