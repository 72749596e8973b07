using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gateway.Dns;
using Gateway.Smtp;

namespace Gateway.Lab.SmartHosts;

/// <summary>The point of the dialogue at which the lab's smart host can answer differently.</summary>
public enum SmartHostPoint
{
    Connect,
    Ehlo,
    Mail,
    Rcpt,
    Data,

    /// <summary>Within the message, after some of its octets. No reply is possible here, but the connection can be closed.</summary>
    Body,

    /// <summary>The end of the message: the final dot, or BDAT LAST.</summary>
    End,
}

/// <summary>An answer of the lab's smart host that differs from accepting everything. <see cref="ToString"/> gives the text that is read.</summary>
public abstract record SmartHostAnswer
{
    private SmartHostAnswer()
    {
    }

    /// <summary>The smart host refuses all connections.</summary>
    public sealed record Down : SmartHostAnswer
    {
        public override string ToString() => "down";
    }

    /// <summary>The smart host accepts connections again, and answers as at its start.</summary>
    public sealed record Up : SmartHostAnswer
    {
        public override string ToString() => "up";
    }

    /// <summary>A client that has not logged in gets 530 5.7.0 to MAIL.</summary>
    public sealed record Authenticate(string User, string Password) : SmartHostAnswer
    {
        public override string ToString() => $"AUTH {User} {Password}";
    }

    /// <summary>A different answer at a point of the dialogue.</summary>
    /// <param name="Point">The point.</param>
    /// <param name="Recipient">The only recipient that gets it: an address, or a local part in any domain, without case; null for all.</param>
    public abstract record At(SmartHostPoint Point, string? Recipient) : SmartHostAnswer
    {
        /// <summary>The chance in percent.</summary>
        public int Percent { get; init; } = 100;

        /// <summary>The delay before the answer.</summary>
        public TimeSpan Delay { get; init; }

        private protected abstract string Deed { get; }

        public sealed override string ToString()
        {
            var recipient = Recipient is null ? "" : $" <{Recipient}>";
            var chance = Percent == 100 ? "" : string.Create(CultureInfo.InvariantCulture, $" {Percent}%");
            var delay = Delay == TimeSpan.Zero ? "" : $" delay {TimeUnits.Write(Delay)}";
            return $"{Point.ToString().ToUpperInvariant()}{recipient}{chance}{delay} {Deed}".TrimEnd();
        }

        internal bool Concerns(IReadOnlyList<ForwardPath> recipients)
        {
            if (Recipient is null)
                return true;
            foreach (var recipient in recipients)
                if (Recipient.Equals(recipient.ToString().Trim('<', '>'), StringComparison.OrdinalIgnoreCase)
                    || Recipient.Equals(recipient.Mailbox.LocalPart, StringComparison.OrdinalIgnoreCase))
                    return true;
            return false;
        }
    }

    /// <summary>A reply.</summary>
    /// <param name="Point">The point.</param>
    /// <param name="Recipient">The recipient; null for all.</param>
    /// <param name="Reply">The reply; null for the usual one, after the delay.</param>
    public sealed record Says(SmartHostPoint Point, string? Recipient, Reply? Reply) : At(Point, Recipient)
    {
        private protected override string Deed => Reply?.ToString() ?? "";
    }

    /// <summary>The smart host closes the connection without a reply.</summary>
    public sealed record Drops(SmartHostPoint Point, string? Recipient) : At(Point, Recipient)
    {
        private protected override string Deed => "drop";
    }

    /// <summary>The connection stays open, and the smart host never answers.</summary>
    public sealed record KeepsSilent(SmartHostPoint Point, string? Recipient) : At(Point, Recipient)
    {
        private protected override string Deed => "silent";
    }

    /// <summary>
    /// Reads <c>down</c>, <c>up</c>, <c>AUTH user password</c>, or
    /// <c>POINT [&lt;recipient&gt;] [N%] [delay TIME] [drop | silent | CODE [X.Y.Z] text]</c>.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmartHostAnswer? answer) => TryParse(text, out answer, out _);

    /// <param name="text">The text of one answer.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="problem">If the text is wrong: the wrong word, and what is allowed in its place.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out SmartHostAnswer? answer, [NotNullWhen(false)] out string? problem)
    {
        var reader = new SmartHostAnswerReader(text);
        answer = reader.Read();
        problem = answer is null ? reader.Problem : null;
        return answer is not null;
    }
}
