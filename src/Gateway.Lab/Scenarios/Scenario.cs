using System.Net;
using Gateway.Dns;
using Gateway.Smtp;

namespace Gateway.Lab.Scenarios;

/// <summary>A script that walks through an article's rows, as a teacher would.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Introduction">Paragraphs before the first row.</param>
/// <param name="Rows">In the order of the file.</param>
public sealed record Scenario(string Title, IReadOnlyList<string> Introduction, IReadOnlyList<ScenarioRow> Rows);

/// <summary>A row of the article's table.</summary>
/// <param name="Number">As docs/lab.md counts them.</param>
/// <param name="Title">The situation in a line.</param>
/// <param name="Items">What is told and played, in order.</param>
public sealed record ScenarioRow(int Number, string Title, IReadOnlyList<ScenarioItem> Items)
{
    public IEnumerable<string> Files => Items.OfType<ScenarioItem.Play>().Select(static play => play.File);

    public IEnumerable<string> Told(ScenarioTopic topic) =>
        Items.OfType<ScenarioItem.Tell>().Where(tell => tell.Topic == topic).Select(static tell => tell.Text);
}

/// <summary>What a paragraph of a row is about.</summary>
public enum ScenarioTopic
{
    Situation,

    /// <summary>A name, its address, and its part in the play.</summary>
    Who,

    /// <summary>What will be seen in the conversations that follow, and why.</summary>
    Seen,

    /// <summary>What the sender's administrator saw.</summary>
    Administrator,

    /// <summary>What to do about it; records to publish are worked out by the play itself.</summary>
    Cure,
}

/// <summary>One thing that the teacher does.</summary>
public abstract record ScenarioItem
{
    private ScenarioItem()
    {
    }

    public sealed record Tell(ScenarioTopic Topic, string Text) : ScenarioItem;

    /// <param name="File">A conversation, beside the script.</param>
    /// <param name="IsBrief">It is much like the one before: only what decides it is shown.</param>
    public sealed record Play(string File, bool IsBrief = false) : ScenarioItem;

    /// <summary>What <c>gateway check</c> says.</summary>
    /// <param name="Address">Whose mail is asked about.</param>
    /// <param name="Sender">Its return address.</param>
    /// <param name="Fault">How a name misbehaves meanwhile; null: nothing is wrong with the DNS.</param>
    public sealed record Check(IPAddress Address, ReversePath Sender, FaultChange? Fault) : ScenarioItem;

    /// <summary>What the sending Exchange 2003 tells of a conversation that was played before in the row.</summary>
    /// <param name="File">The conversation.</param>
    /// <param name="Sender">Of the message, where the conversation ends before MAIL.</param>
    /// <param name="Recipient">Of the message, where the conversation ends before RCPT.</param>
    public sealed record Exchange(string File, string? Sender = null, string? Recipient = null) : ScenarioItem;
}
