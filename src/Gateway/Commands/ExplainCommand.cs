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
        var id = new Argument<string>("SESSION-ID") { Description = "As it stands in a refusal, in the log, or in a Received field." };
        var command = new Command("explain", "Tells from the journal what happened on a connection, and why.")
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
            streams.Error.WriteLine($"gateway: \"{SafeText.Of(text, 80)}\" is no session id: that is 13 letters and digits, such as 01KK1A2B3C4D5, behind \"id=\" in a refusal");
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

    // The id itself tells when the session began, so that nobody needs to guess why it is not there.
    private static string Unknown(string id, JournalReach reach)
    {
        var start = SessionIds.StartOf(id);
        return reach.Oldest is not { } oldest ? $"session {id} is not in the journal, which is empty"
            : start < oldest ? $"session {id} began {Shown(start)} and is no longer in the journal, which goes back to {Shown(oldest)}"
            : $"session {id} is not in the journal, which holds {reach.Sessions.ToString("N0", CultureInfo.InvariantCulture)} sessions from {Shown(oldest)} to {Shown(reach.Newest!.Value)};"
                + $" the id means {Shown(start)}: is it misspelt, another gateway's, or of a connection that is still open?";
    }

    private static string Shown(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
