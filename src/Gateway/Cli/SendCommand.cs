using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using Gateway.Cli.Playing;
using Gateway.Cli.Sending;
using Gateway.Lab;
using Gateway.Smtp;

namespace Gateway.Cli;

/// <summary><c>gateway send</c>: one SMTP session with any server, as any client, shown as it happens.</summary>
internal static class SendCommand
{
    private static readonly Option<SendArguments.Server?> To = new("--to")
    {
        Description = "The server. [default port: 25; 465 with --tls=implicit]", HelpName = "HOST[:PORT]", Required = true, CustomParser = SendArguments.To,
    };

    private static readonly Option<IPAddress?> Client = new("--client")
    {
        Description = "The client to be. [default: this machine]", HelpName = "ADDRESS", CustomParser = SendArguments.Client,
    };

    private static readonly Option<ApproachWay> Via = new("--via")
    {
        Description = "How to be it: auto (bind to an address of this machine, claim any other with XCLIENT), bind, xclient, proxy (a PROXY header, version 2), proxy-v1.",
        HelpName = "WAY", CustomParser = SendArguments.Via,
    };

    private static readonly Option<string?> Name = new("--name")
    {
        Description = "The client's host name, for XCLIENT; [UNAVAILABLE] and [TEMPUNAVAIL] are names too.", HelpName = "NAME",
    };

    private static readonly Option<string?> Helo = new("--helo")
    {
        Description = "What to say after EHLO. [default: --name, else [the client's address], else this machine's name]", HelpName = "NAME", CustomParser = SendArguments.Helo,
    };

    private static readonly Option<ReversePath?> From = new("--from")
    {
        Description = "The return address. [default: postmaster of the name in EHLO if it is a domain, else <>]", HelpName = "MAILBOX", CustomParser = SendArguments.From,
    };

    private static readonly Option<ForwardPath[]> Recipients = new("--rcpt")
    {
        Description = "A recipient; may be repeated.", HelpName = "MAILBOX", Required = true, AllowMultipleArgumentsPerToken = true, CustomParser = SendArguments.Recipients,
    };

    private static readonly Option<string?> File = new("--file", "-f") { Description = "The message; - reads standard input. Bare LF become CRLF. [default: a short one]", HelpName = "FILE" };

    private static readonly Option<bool> Raw = new("--raw") { Description = "Sends the file's line ends as they are." };

    private static readonly Option<string?> Subject = new("--subject") { Description = "Of the message that is made.", HelpName = "TEXT" };

    private static readonly Option<string?> Body = new("--body") { Description = "Of the message that is made.", HelpName = "TEXT" };

    private static readonly Option<TlsUse?> Tls = new("--tls")
    {
        Description = "Demands TLS: starttls (also when nothing is said) or implicit.", HelpName = "starttls|implicit",
        Arity = ArgumentArity.ZeroOrOne, CustomParser = SendArguments.Tls,
    };

    private static readonly Option<bool> Verify = new("--verify") { Description = "Demands a valid certificate for the server's name." };

    private static readonly Option<string?> Auth = new("--auth")
    {
        Description = $"Authenticates (PLAIN, else LOGIN). [password: from {Password.Variable}, else asked]", HelpName = "USER[:PASSWORD]",
    };

    private static readonly Option<bool> AuthInClear = new("--auth-in-clear") { Description = "Also without TLS." };

    private static readonly Option<TimeSpan?> Patience = new("--patience")
    {
        Description = "How long the server may be silent. [default: 30]", HelpName = "SECONDS",
        CustomParser = SendArguments.Patience,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "A JSON object in each line, the result last." };

    private static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "Only what became of it." };

    public static Command Create()
    {
        var command = new Command("send", "Speaks one SMTP session with any server, as any client, and shows it.")
        {
            To, Client, Via, Name, Helo, From, Recipients, File, Raw, Subject, Body, Tls, Verify, Auth, AuthInClear, Patience, Json, Quiet,
        };
        command.Validators.Add(static result =>
        {
            bool Has(Option option) => result.GetResult(option) is { Implicit: false };
            void Demand(bool isWrong, string problem)
            {
                if (isWrong)
                    result.AddError(problem);
            }
            Demand(Has(File) && (Has(Subject) || Has(Body)), "--file is a whole message: --subject and --body are for the one that is made without it");
            Demand(Has(Raw) && !Has(File), "--raw is about the line ends of --file");
            Demand(Has(Name) && !Has(Client), "--name is the name of --client");
            Demand(Has(Verify) && !Has(Tls), "--verify is about --tls");
            Demand(Has(AuthInClear) && !Has(Auth), "--auth-in-clear is about --auth");
            // As typed: what it means is not known while there may be a mistake in it.
            var way = result.GetResult(Via)?.Tokens is [var token] ? token.Value : "auto";
            Demand(way is "bind" or "xclient" && !Has(Client), $"--via {way} wants to know the --client to be");
            Demand(Has(Name) && way is not ("auto" or "xclient"), "--name can be claimed with --via xclient only");
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var streams = parsed.InvocationConfiguration;
        if (Credentials(parsed, streams.Error, out var credentials) is { } problem)
        {
            await streams.Error.WriteLineAsync($"gateway: {problem}");
            return ExitCode.WrongUse;
        }
        var console = Terminal.Create(streams.Output);
        var view = new DialogueView(console);
        var (isJson, isQuiet) = (parsed.GetValue(Json), parsed.GetValue(Quiet));
        Action<TranscriptLine> say = isQuiet ? static _ => { } : isJson ? line => DialogueJson.Write(streams.Output, line) : view.Write;

        SendRequest request;
        string? note;
        try
        {
            (request, note) = await RequestAsync(parsed, credentials, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Not 1: that would say that the server refuses.
            await streams.Error.WriteLineAsync($"gateway: --file: {unreadable.Message}");
            return ExitCode.WrongUse;
        }
        if (note is not null)
            say(new(TimeSpan.Zero, Speaker.Stage, note));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // The first Ctrl-C says QUIT, the second ends the process.
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        });
        var report = await new SendSession(request, say, TimeProvider.System).RunAsync(stop.Token);
        if (isJson)
            SendView.WriteJson(streams.Output, report);
        else
            SendView.Write(console, report);
        return SendView.ExitCodeOf(report);
    }

    private static async Task<(SendRequest Request, string? Note)> RequestAsync(ParseResult parsed, SmtpCredentials? credentials, CancellationToken cancellationToken)
    {
        var (server, client, use) = (parsed.GetValue(To)!, parsed.GetValue(Client), parsed.GetValue(Tls) ?? TlsUse.None);
        var helo = parsed.GetValue(Helo) ?? SendArguments.DefaultHelo(client, parsed.GetValue(Name));
        var tls = use == TlsUse.None ? null : new TalkTls(server.Host, parsed.GetValue(Verify));
        var request = new SendRequest
        {
            Approach = new()
            {
                Server = server.Endpoint(use == TlsUse.Implicit),
                Client = client,
                Way = parsed.GetValue(Via),
                ClientName = parsed.GetValue(Name),
                HeloName = SendArguments.DefaultHelo(null, null),
                ImplicitTls = use == TlsUse.Implicit ? tls : null,
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
        if (parsed.GetValue(File) is not { } file)
            return (request with { Message = SampleMessage.Create(request, parsed.GetValue(Subject), parsed.GetValue(Body), TimeProvider.System, new Random()) }, null);
        var octets = await ReadAsync(file, cancellationToken);
        if (parsed.GetValue(Raw))
            return (request with { Message = MessageText.Ended(octets) }, null);
        var message = MessageText.WithCrlf(octets, out var changed);
        return (request with { Message = message }, changed == 0 ? null : $"{changed} bare LF of the message became CRLF (--raw sends them as they are)");
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (file != "-")
            return await System.IO.File.ReadAllBytesAsync(file, cancellationToken);
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
            return user.Length == 0 ? "--auth wants USER or USER:PASSWORD" : $"the password of {user} is missing: say --auth USER:PASSWORD, or set {Password.Variable}";
        credentials = new(user, password);
        return null;
    }
}
