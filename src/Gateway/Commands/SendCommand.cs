using System.CommandLine;
using System.Runtime.InteropServices;
using Gateway.Exchange;
using Gateway.Lab.Exchange;
using Gateway.Lab.Talking;
using Gateway.Playing;
using Gateway.Sending;
using Gateway.Server.Checking;
using Gateway.Smtp;
using Spectre.Console;
using static Gateway.Sending.SendOptions;

namespace Gateway.Commands;

/// <summary><c>gateway send</c>: one SMTP session with any server, as any client, shown as it happens.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var command = new Command("send", "Send a test message to a server, as any client, and show the SMTP dialogue.")
        {
            To, Port, DnsServers, Client, Via, Name, HeloName, From, Recipients, MessageFile, Raw, Subject, Body, Tls, Verify, Auth, AuthInClear, Patience, As, Json, Quiet,
        };
        command.Validators.Add(static result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            void Demand(bool isWrong, string problem)
            {
                if (isWrong)
                    result.AddError(problem);
            }
            Demand(Has(MessageFile) && (Has(Subject) || Has(Body)), "--file and --subject or --body exclude each other: --file is the whole message");
            Demand(Has(Raw) && !Has(MessageFile), "--raw needs --file: it keeps the line ends of that file");
            Demand(Has(Name) && !Has(Client), "--name needs --client: it is the name of that client");
            Demand(Has(Verify) && !Has(Tls), "--verify needs --tls: without TLS no certificate is shown");
            Demand(Has(AuthInClear) && !Has(Auth), "--auth-in-clear needs --auth: without it, no password is sent");
            Demand(Has(To) && Has(Port), "--port and --to exclude each other: type the port after the host, as in --to HOST:PORT");
            // The token as typed, because its value cannot be read while it may be wrong.
            var way = result.GetResult(Via)?.Tokens is [var token] ? token.Value : "auto";
            Demand(way is "bind" or "xclient" && !Has(Client), $"--via {way} needs --client ADDRESS: the client address to use");
            Demand(Has(Name) && way is not ("auto" or "xclient"), "--name needs --via xclient or --via auto: only XCLIENT can pass a name on");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var streams = parsed.InvocationConfiguration;
        var credentials = default(SmtpCredentials);
        if ((WhyNoTarget(parsed) ?? Credentials(parsed, streams.Error, out credentials)) is { } problem)
        {
            await streams.Error.WriteLineAsync($"gateway: {problem}");
            return ExitCode.WrongUse;
        }
        var console = Terminal.Create(streams.Output);
        var view = new DialogueView(console);
        var (isJson, isQuiet) = (parsed.GetValue(Json), parsed.GetValue(Quiet));
        Action<TranscriptLine> show = isQuiet ? static _ => { } : isJson ? line => DialogueJson.Write(streams.Output, line) : view.Write;
        var dialogue = parsed.GetValue(As) is null ? null : new List<TranscriptLine>();
        Action<TranscriptLine> say = line =>
        {
            dialogue?.Add(line);
            show(line);
        };

        void Stage(string text) => say(new(TimeSpan.Zero, Speaker.Stage, text));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // The first Ctrl-C sends QUIT, the second ends the process.
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });
        SendReport report;
        SendRequest? request = null;
        var begun = TimeProvider.System.GetLocalNow();
        try
        {
            var targets = await SendTargets.FindAsync(parsed, Stage, stop.Token);
            if (targets.Hosts is [var first, ..])
                request = await RequestAsync(parsed, first, credentials, Stage, stop.Token);
            report = request is not null
                ? await SendAsync(request, targets.Hosts, say, stop.Token)
                : new(SendVerdict.Unknown, "DNS", null) { Problem = targets.Problem };
        }
        catch (OperationCanceledException)
        {
            report = new(SendVerdict.Unknown, "DNS", null) { Problem = "interrupted" };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Not exit code 1, which means that the server refused.
            await streams.Error.WriteLineAsync($"gateway: --file: {unreadable.Message}");
            return ExitCode.WrongUse;
        }
        var failed = dialogue is null || request is null ? null : Failed(request, parsed.GetValue(Subject), begun, dialogue, report);
        if (isJson)
        {
            SendView.WriteJson(streams.Output, report, failed);
            return SendView.ExitCodeOf(report);
        }
        SendView.Write(console, report);
        if (dialogue is not null && failed is null)
            console.WriteLine(report.Verdict == SendVerdict.Accepted
                ? "Exchange 2003 would report nothing: the server accepted the message."
                : "Exchange 2003 would keep the message in its queue and try again, because no server answered.");
        else if (failed is not null)
            ExchangeView.Write(console, failed, DialogueView.WidthOf(console));
        return SendView.ExitCodeOf(report);
    }

    /// <returns>Null if the message was accepted, or if no server answered.</returns>
    private static DeliveryAttempt? Failed(SendRequest request, string? subject, DateTimeOffset begun, List<TranscriptLine> dialogue, SendReport report)
    {
        var queued = new QueuedMessage
        {
            Server = request.Helo,
            Sender = request.From.Mailbox?.ToString() ?? "",
            Recipients = [.. request.Recipients.Select(static recipient => recipient.ToString()[1..^1])],
            Subject = subject ?? "",
            Date = begun,
        };
        return report is { Stage: "GREETING", Reply: null } ? AttemptReader.Dropped(queued)
            : AttemptReader.Read(dialogue, queued) is [.., var last] ? last : null;
    }

    // RFC 5321 §5.1: if a host cannot be reached, the next one is tried.
    private static async Task<SendReport> SendAsync(SendRequest request, IReadOnlyList<MailHost> hosts, Action<TranscriptLine> say, CancellationToken cancellationToken)
    {
        SendReport report;
        var tried = 0;
        do
            report = await new SendSession(request.Towards(hosts[tried]), say, TimeProvider.System).RunAsync(cancellationToken);
        while (report is { Stage: "CONNECT", Reply: null } && ++tried < hosts.Count && !cancellationToken.IsCancellationRequested);
        return report;
    }

    private static string? WhyNoTarget(ParseResult parsed) => parsed.GetValue(To) is null ? SendTargets.WhyNoTarget(parsed.GetValue(Recipients)!) : null;

    private static async Task<SendRequest> RequestAsync(
        ParseResult parsed, MailHost host, SmtpCredentials? credentials, Action<string> stage, CancellationToken cancellationToken)
    {
        var (client, use) = (parsed.GetValue(Client), parsed.GetValue(Tls) ?? TlsUse.None);
        var helo = parsed.GetValue(HeloName)?.Name ?? SendArguments.DefaultHelo(client, parsed.GetValue(Name));
        var tls = use == TlsUse.None ? null : new ClientTls(host.Name, parsed.GetValue(Verify));
        var request = new SendRequest
        {
            Connect = new()
            {
                Server = host.Endpoint,
                Client = client,
                Method = parsed.GetValue(Via),
                ClientName = parsed.GetValue(Name),
                HeloName = SendArguments.DefaultHelo(null, null),
                ImplicitTls = use == TlsUse.Implicit ? tls : null,
                StartTls = use == TlsUse.Required ? tls : null,
                Patience = parsed.GetValue(Patience) ?? TimeSpan.FromSeconds(30),
            },
            Helo = helo,
            From = parsed.GetValue(From) ?? SendArguments.DefaultFrom(helo),
            Recipients = parsed.GetValue(Recipients)!,
            Message = ReadOnlyMemory<byte>.Empty,
            StartTls = use == TlsUse.Required ? tls : null,
            Credentials = credentials,
            AuthenticateInClear = parsed.GetValue(AuthInClear),
        };
        if (parsed.GetValue(MessageFile) is not { } file)
            return request with { Message = SampleMessage.Create(request, parsed.GetValue(Subject), parsed.GetValue(Body), TimeProvider.System, new Random()) };
        var octets = await ReadAsync(file, cancellationToken);
        if (parsed.GetValue(Raw))
            return request with { Message = MessageText.Ended(octets) };
        var message = MessageText.WithCrlf(octets, out var changed);
        if (changed > 0)
            stage($"{changed} bare LF of the message became CRLF (--raw keeps them)");
        return request with { Message = message };
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (file != "-")
            return await File.ReadAllBytesAsync(file, cancellationToken);
        await using var input = Console.OpenStandardInput();
        using var octets = new MemoryStream();
        await input.CopyToAsync(octets, cancellationToken);
        return octets.ToArray();
    }

    private static string? Credentials(ParseResult parsed, TextWriter prompt, out SmtpCredentials? credentials)
    {
        credentials = null;
        if (parsed.GetValue(Auth) is not { } text)
            return null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? text : text[..colon];
        var password = colon < 0 ? Password.Find(user, prompt) : text[(colon + 1)..];
        if (user.Length == 0 || password is null)
            return user.Length == 0 ? "--auth has no user: type --auth USER or --auth USER:PASSWORD" : $"the password of {user} is missing: type --auth USER:PASSWORD, or set the environment variable {Password.Variable}";
        credentials = new(user, password);
        return null;
    }
}
