using Gateway.Policy.Reading;
using Gateway.Smtp;

namespace Gateway.Policy.Profiles;

/// <summary>What a positive reply of a <see cref="Dialogue"/> answers.</summary>
public enum DialogueStep
{
    Helo,
    Ehlo,
    StartTls,
    Mail,
    Rcpt,

    /// <summary>354.</summary>
    Data,

    /// <summary>The message was delivered.</summary>
    Message,
    Rset,
    Noop,
    Vrfy,
    Help,
    Quit,
}

/// <summary>
/// How a receiver answers a client that it does not refuse: the words that make a Postfix, an Exchange or a Sendmail sound like one. It
/// changes words only, never a code and never what the server does.
/// </summary>
/// <param name="replies">The steps that have words of their own; the server words the others.</param>
/// <param name="extensions">What EHLO announces, in this order; null leaves it to the server.</param>
public sealed class Dialogue(IReadOnlyDictionary<DialogueStep, DialogueReply> replies, IReadOnlyList<string>? extensions)
{
    public IReadOnlyDictionary<DialogueStep, DialogueReply> Replies => replies;

    public IReadOnlyList<string>? Extensions => extensions;

    /// <summary>The code of each step (RFC 5321 §4.2.3, §4.3.2).</summary>
    public static int CodeOf(DialogueStep step) => step switch
    {
        DialogueStep.StartTls => 220,
        DialogueStep.Data => 354,
        DialogueStep.Vrfy => 252,
        DialogueStep.Help => 214,
        DialogueStep.Quit => 221,
        _ => 250,
    };

    /// <summary>What the client has said by then: only that may stand in the reply.</summary>
    internal static Stage StageOf(DialogueStep step) => step switch
    {
        DialogueStep.Mail or DialogueStep.Data or DialogueStep.Message => Stage.Mail,
        DialogueStep.Rcpt => Stage.Recipient,
        _ => Stage.Helo,
    };

    internal Reply? Say(DialogueStep step, in ReplyValues values) =>
        replies.TryGetValue(step, out var reply) ? reply.Render(step, values with { Stage = StageOf(step) }) : null;
}

/// <summary>The words of one step. An enhanced status is part of them: some servers have none.</summary>
/// <param name="lines">A line each.</param>
public sealed class DialogueReply(IReadOnlyList<TextTemplate> lines)
{
    private Reply? _constant;

    public IReadOnlyList<TextTemplate> Lines => lines;

    internal Reply Render(DialogueStep step, in ReplyValues values)
    {
        if (_constant is { } constant)
            return constant;
        var reply = ReplyTemplate.Positive(Dialogue.CodeOf(step), lines, values);
        // The same for every session: made once.
        if (lines.All(static line => !line.Placeholders.Any()))
            _constant = reply;
        return reply;
    }
}
