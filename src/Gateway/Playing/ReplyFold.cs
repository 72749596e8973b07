using Gateway.Lab.Talking;

namespace Gateway.Playing;

/// <summary>
/// A long reply that has been shown before, word for word, is shown by its first line and counted: each dialogue of a walk has the
/// same list of extensions.
/// </summary>
/// <param name="show">Shows a line.</param>
/// <param name="count">Tells how many lines are left out.</param>
internal sealed class ReplyFold(Action<TranscriptLine> show, Action<int> count)
{
    private const int Short = 3;

    private readonly HashSet<string> _shown = [];
    private readonly List<TranscriptLine> _reply = [];

    public void Said(TranscriptLine line)
    {
        if (line.Speaker == Speaker.Server)
        {
            _reply.Add(line);
            if (line.Text is [_, _, _, '-', ..])
                return;
            Flush();
            return;
        }
        Flush();
        show(line);
    }

    /// <summary>Whatever there is of a reply.</summary>
    public void Flush()
    {
        var isFolded = _reply.Count > Short && !_shown.Add(string.Join('\n', _reply.Select(static line => line.Text)));
        foreach (var line in isFolded ? _reply.Take(1) : _reply)
            show(line);
        if (isFolded)
            count(_reply.Count - 1);
        _reply.Clear();
    }
}
