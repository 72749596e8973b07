using System.IO.Pipelines;
using System.Security.Authentication;
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
        return await new SmtpSession(transport, new AcceptAll(), Options, TimeProvider.System).RunAsync(default, default);
    }

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class AcceptAll : IMailHandler
    {
        public bool IsOwnClient => true;

        public Reply Signed(Reply refusal) => refusal;

        private static readonly Reply Greeting = new(220, null, "mx.example.com ESMTP");
        private static readonly Reply Ok = new(250, 0, 0, "OK");

        public ValueTask<Reply> ConnectAsync(CancellationToken cancellationToken) => new(Greeting);

        public bool MayXclient => false;

        public ValueTask<Reply> XclientAsync(XclientAttributes attributes, CancellationToken cancellationToken) => new(Greeting);

        public ValueTask<Reply?> HeloAsync(Helo helo, CancellationToken cancellationToken) => default;

        public ValueTask<Reply> AuthenticateAsync(PresentedCredentials credentials, CancellationToken cancellationToken) => new(Ok);

        public ValueTask<Reply> MailAsync(ReversePath sender, MailParameters parameters, CancellationToken cancellationToken) => new(Ok);

        public ValueTask<Reply> RecipientAsync(ForwardPath recipient, CancellationToken cancellationToken) => new(Ok);

        public ValueTask<Reply?> DataAsync(Envelope envelope, CancellationToken cancellationToken) => default;

        public ValueTask<Reply> MessageAsync(Envelope envelope, MessageContent content, CancellationToken cancellationToken) => new(Ok);

        public void Reset()
        {
        }

        public void Secured(SslProtocols protocol, string cipherSuite)
        {
        }

        public void Answered(Verb verb, Reply reply)
        {
        }
    }
}
