using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gateway.Dns;
using Gateway.Smtp;

namespace Gateway.Lab.SmartHosts;

/// <summary>Where the lab's smart host may be told to answer otherwise.</summary>
public enum SmartHostPoint
{
    Connect,
    Ehlo,
    Mail,
    Rcpt,
    Data,

    /// <summary>Within the message, when some of its octets have come: there is nothing to answer, but a connection to lose.</summary>
    Body,

    /// <summary>The end of the message: the final dot, or BDAT LAST.</summary>
    End,
}

/// <summary>How the lab's smart host answers, instead of taking everything. A closed family; <see cref="ToString"/> is what is read.</summary>
public abstract record SmartHostAnswer
{
    private SmartHostAnswer()
    {
    }

    /// <summary>Nobody listens: connections are refused.</summary>
    public sealed record Down : SmartHostAnswer
    {
        public override string ToString() => "down";
    }

    /// <summary>It listens again, and answers as it did when it was started.</summary>
    public sealed record Up : SmartHostAnswer
    {
        public override string ToString() => "up";
    }

    /// <summary>Who has not authenticated gets 530 5.7.0 to MAIL.</summary>
    public sealed record Authenticate(string User, string Password) : SmartHostAnswer
    {
        public override string ToString() => $"AUTH {User} {Password}";
    }

    /// <summary>At a point of the dialogue something happens.</summary>
    /// <param name="Point">Where.</param>
    /// <param name="Recipient">Only for this one: an address, or a local part in any domain, without case; null for all.</param>
    public abstract record At(SmartHostPoint Point, string? Recipient) : SmartHostAnswer
    {
        /// <summary>How often, of a hundred times.</summary>
        public int Percent { get; init; } = 100;

        /// <summary>How late.</summary>
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

    /// <summary>It is said.</summary>
    /// <param name="Point">Where.</param>
    /// <param name="Recipient">For whom; null for all.</param>
    /// <param name="Reply">Null says what is said usually, only late.</param>
    public sealed record Says(SmartHostPoint Point, string? Recipient, Reply? Reply) : At(Point, Recipient)
    {
        private protected override string Deed => Reply?.ToString() ?? "";
    }

    /// <summary>The connection is closed without a word.</summary>
    public sealed record Drops(SmartHostPoint Point, string? Recipient) : At(Point, Recipient)
    {
        private protected override string Deed => "drop";
    }

    /// <summary>The connection stays, and no answer ever comes.</summary>
    public sealed record KeepsSilent(SmartHostPoint Point, string? Recipient) : At(Point, Recipient)
    {
        private protected override string Deed => "silent";
    }

    /// <summary>
    /// Reads <c>down</c>, <c>up</c>, <c>AUTH user password</c>, or
    /// <c>POINT [&lt;recipient&gt;] [N%] [delay TIME] [drop | silent | CODE [X.Y.Z] text]</c>.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmartHostAnswer? answer) => TryParse(text, out answer, out _);

    /// <param name="text">One answer.</param>
    /// <param name="answer">What it says.</param>
    /// <param name="problem">Else the word that is wrong, and what may stand in its place.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out SmartHostAnswer? answer, [NotNullWhen(false)] out string? problem)
    {
        var reader = new SmartHostAnswerReader(text);
        answer = reader.Read();
        problem = answer is null ? reader.Problem : null;
        return answer is not null;
    }
}
