using System.CommandLine;
using System.Globalization;
using Gateway.Explaining;
using Gateway.Server.Checking;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;

namespace Gateway.Commands;

/// <summary><c>gateway explain SESSION-ID</c>: what happened on a connection, and why; also while the gateway runs.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("SESSION-ID") { Description = "The id of the session. It stands in the reply to the client, in the log, and in the Received field." };
        var command = new Command("explain", "Explain from the journal what happened on a connection, and why.")
        {
            id, JournalArguments.File, GatewayCommand.Config, GatewayCommand.Settings, JournalArguments.Json,
        };
        command.SetAction(parsed => JournalArguments.AreGiven(parsed) ? Run(parsed, parsed.GetValue(id)!) : JournalArguments.Demand(parsed));
        return command;
    }

    private static int Run(ParseResult parsed, string text)
    {
        var streams = parsed.InvocationConfiguration;
        if (SessionIds.Read(text) is not { } id)
        {
            streams.Error.WriteLine($"gateway: \"{SafeText.Of(text, 80)}\" is not a session id: type the 13 letters and digits after \"id=\" in a reply or in the log, such as 01KK1A2B3C4D5");
            return ExitCode.WrongUse;
        }
        using var journal = JournalArguments.Open(parsed, JournalArguments.Configuration(parsed));
        if (journal.Find(id) is not { } session)
        {
            streams.Error.WriteLine($"gateway: {Unknown(id, journal.Reach())}");
            return ExitCode.No;
        }
        if (parsed.GetValue(JournalArguments.Json))
            streams.Output.WriteLine(JournalJson.Indented(session));
        else
            SessionView.Write(Terminal.Create(streams.Output), session);
        return ExitCode.Fine;
    }

    // The id contains the time when the session began, so the error can say why the session is missing.
    private static string Unknown(string id, JournalReach reach)
    {
        var start = SessionIds.StartOf(id);
        return reach.Oldest is not { } oldest ? $"the journal is empty, so it does not have session {id}"
            : start < oldest ? $"session {id} began at {Shown(start)}, and the journal no longer has it: its oldest session is of {Shown(oldest)}. Journal.MaxAge and Journal.MaxSize decide how long sessions are kept"
            : $"the journal has no session {id}. Its {reach.Sessions.ToString("N0", CultureInfo.InvariantCulture)} sessions are from {Shown(oldest)} to {Shown(reach.Newest!.Value)},"
                + $" and this id stands for a session that began at {Shown(start)}. Check that the id is spelled right, that it is of this gateway, and that the connection has ended";
    }

    private static string Shown(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
