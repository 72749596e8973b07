using System.IO.Pipelines;
using System.Text;
using BenchmarkDotNet.Attributes;
using Gateway.Smtp;

namespace Gateway.Benchmarks;

/// <summary>Whole transactions through the engine, in memory: no network, no policy.</summary>
[MemoryDiagnoser]
public class SessionBenchmarks
{
    private const int Messages = 100;

    private static readonly SmtpServerOptions Options = new() { HostName = "mx.example.com" };

    private byte[] _dialogue = [];

    [Params(4096, 1 << 20)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var body = string.Concat(Enumerable.Repeat(new string('x', 78) + "\r\n", Size / 80));
        var transaction = $"MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@example.com>\r\nDATA\r\nSubject: x\r\n\r\n{body}.\r\n";
        _dialogue = Encoding.ASCII.GetBytes($"EHLO client.example\r\n{string.Concat(Enumerable.Repeat(transaction, Messages))}QUIT\r\n");
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public async Task<SessionEnd> ReceiveMessage()
    {
        var transport = new Transport(PipeReader.Create(new(_dialogue)), PipeWriter.Create(Stream.Null));
        return await new SmtpSession(transport, new OwnSession(), new AcceptAll(), TimeProvider.System).RunAsync(default, default);
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class OwnSession() : Session(SessionBenchmarks.Options)
    {
        public override bool IsOwnClient => true;
    }

    private sealed class AcceptAll : IMailHandler
    {
        private static readonly Reply Greeting = new(220, null, "mx.example.com ESMTP");
        private static readonly Reply Ok = new(250, 0, 0, "OK");

        public ValueTask<CommandOutcome> ConnectAsync(CancellationToken cancellationToken) => new(Greeting);

        public void ClientNamed(XclientAttributes attributes)
        {
        }

        public ValueTask<CommandOutcome> HeloAsync(Helo helo, CancellationToken cancellationToken) => default;

        public ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken) =>
            new(new AuthenticationOutcome(Ok, credentials.UserName));

        public ValueTask<CommandOutcome> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken) => new(Ok);

        public ValueTask<CommandOutcome> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken) => new(Ok);

        public ValueTask<CommandOutcome> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken) => new(Ok);
    }
}
