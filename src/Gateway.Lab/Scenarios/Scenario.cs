using System.Net;
using Gateway.Dns;
using Gateway.Smtp;

namespace Gateway.Lab.Scenarios;

/// <summary>A scenario: the rejections of an article, row by row, with explanations and conversations.</summary>
/// <param name="Title">The title.</param>
/// <param name="Introduction">The paragraphs before the first row.</param>
/// <param name="Rows">The rows in the order of the file.</param>
public sealed record Scenario(string Title, IReadOnlyList<string> Introduction, IReadOnlyList<ScenarioRow> Rows);

/// <summary>A row of the article's table.</summary>
/// <param name="Number">The number of the row in docs/lab.md.</param>
/// <param name="Title">The situation in one line.</param>
/// <param name="Items">The paragraphs and conversations, in order.</param>
public sealed record ScenarioRow(int Number, string Title, IReadOnlyList<ScenarioItem> Items)
{
    public IEnumerable<string> Files => Items.OfType<ScenarioItem.Play>().Select(static play => play.File);

    public IEnumerable<string> Told(ScenarioTopic topic) =>
        Items.OfType<ScenarioItem.Tell>().Where(tell => tell.Topic == topic).Select(static tell => tell.Text);
}

/// <summary>The topic of a paragraph.</summary>
public enum ScenarioTopic
{
    Situation,

    /// <summary>A server or domain with its address and its role in the conversations.</summary>
    Who,

    /// <summary>What the conversations that follow show, and why.</summary>
    Seen,

    /// <summary>What the sender's administrator saw.</summary>
    Administrator,

    /// <summary>The solution. The records to publish come from the policy engine.</summary>
    Cure,
}

/// <summary>One item of a row.</summary>
public abstract record ScenarioItem
{
    private ScenarioItem()
    {
    }

    public sealed record Tell(ScenarioTopic Topic, string Text) : ScenarioItem;

    /// <param name="File">A conversation file in the folder of the scenario.</param>
    /// <param name="IsBrief">Whether only the deciding lines are shown, because the conversation resembles the one before.</param>
    public sealed record Play(string File, bool IsBrief = false) : ScenarioItem;

    /// <summary>A report of <c>gateway check</c>.</summary>
    /// <param name="Address">The address to check.</param>
    /// <param name="Sender">The sender address.</param>
    /// <param name="Fault">A fault of the DNS during the check; null for none.</param>
    public sealed record Check(IPAddress Address, ReversePath Sender, FaultChange? Fault) : ScenarioItem;

    /// <summary>What the sending Exchange 2003 reports about a conversation that the row has played.</summary>
    /// <param name="File">The conversation file.</param>
    /// <param name="Sender">The sender, if the conversation ends before MAIL.</param>
    /// <param name="Recipient">The recipient, if the conversation ends before RCPT.</param>
    public sealed record Exchange(string File, string? Sender = null, string? Recipient = null) : ScenarioItem;
}
