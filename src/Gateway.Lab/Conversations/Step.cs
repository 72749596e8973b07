using Gateway.Dns;
using Gateway.Lab.SmartHosts;
using Gateway.Policy;

namespace Gateway.Lab.Conversations;

/// <summary>One line of a conversation that does or demands something.</summary>
/// <param name="Line">Its number in the file, from 1.</param>
public abstract record Step(int Line)
{
    /// <summary><c>C:</c> and <c>C&gt;</c>: the client writes these octets. Neighbours go out in one write.</summary>
    public sealed record Send(int Line, ReadOnlyMemory<byte> Octets) : Step(Line);

    /// <summary><c>S:</c>: the server's next line.</summary>
    public sealed record Expect(int Line, LinePattern Pattern) : Step(Line);

    /// <summary><c>S*</c>: lines that may come before the next expected one, any number of them.</summary>
    public sealed record PassOver(int Line, LinePattern Pattern) : Step(Line);

    /// <summary><c>@advance</c>: time passes.</summary>
    public sealed record Advance(int Line, TimeSpan Duration) : Step(Line);

    /// <summary><c>@tls</c>: the client shakes hands, trusting any certificate.</summary>
    public sealed record Secure(int Line) : Step(Line);

    /// <summary><c>@close</c>: the client hangs up; what the server still says is not read.</summary>
    public sealed record Close(int Line) : Step(Line);

    /// <summary><c>@closed</c>: the server has hung up, and said nothing more.</summary>
    public sealed record Closed(int Line) : Step(Line);

    /// <summary><c>@verdict</c>: what the policy decided, and by which check.</summary>
    public sealed record Verdict(int Line, Decision Decision, string? Check) : Step(Line);

    /// <summary><c>@relayed</c>: how many messages the smart host took so far.</summary>
    public sealed record Relayed(int Line, int Count) : Step(Line);

    /// <summary><c>@envelope</c>: whom the last of them was from and for, as <c>&lt;from&gt; &lt;to&gt; …</c>.</summary>
    public sealed record RelayedEnvelope(int Line, string Expected) : Step(Line);

    /// <summary><c>@message</c>: a line of the last of them; header fields are unfolded first.</summary>
    public sealed record RelayedLine(int Line, LinePattern Pattern) : Step(Line);

    /// <summary><c>@absent</c>: what no line of the last of them may be.</summary>
    public sealed record AbsentLine(int Line, LinePattern Pattern) : Step(Line);

    /// <summary><c>@smarthost</c> in the middle: from here on it answers otherwise.</summary>
    public sealed record SmartHost(int Line, SmartHostAnswer Answer) : Step(Line);

    /// <summary><c>@at</c>: what follows is about this smart host; null is the usual one.</summary>
    public sealed record At(int Line, string? Host) : Step(Line);

    /// <summary><c>@fault</c> in the middle: from here on the DNS misbehaves otherwise.</summary>
    public sealed record SetFault(int Line, FaultChange Change) : Step(Line);

    /// <summary><c>@connect</c>: the same client comes again, on a new connection.</summary>
    public sealed record Connect(int Line) : Step(Line);

    /// <summary><c>@journal</c>: a line of what the journal keeps of the connection, as <c>path: value</c>.</summary>
    public sealed record JournalLine(int Line, LinePattern Pattern) : Step(Line);

    /// <summary><c>@unjournal</c>: what no line of that may be.</summary>
    public sealed record UnjournalLine(int Line, LinePattern Pattern) : Step(Line);

    /// <summary><c>@advice</c>: a line of what is to be published; null when nothing is.</summary>
    public sealed record AdviceLine(int Line, LinePattern? Pattern) : Step(Line);

    /// <summary><c>@unadvised</c>: what no line of it may be.</summary>
    public sealed record UnadvisedLine(int Line, LinePattern Pattern) : Step(Line);
}
