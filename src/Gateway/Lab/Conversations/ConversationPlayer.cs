using Gateway.Policy;

namespace Gateway.Lab;

/// <summary>
/// Plays the client's part of a conversation and compares what the server says with what the file says it says, up to the
/// first difference.
/// </summary>
/// <param name="time">For the times in the transcript.</param>
/// <param name="patience">How long the server may be silent where the file expects a line.</param>
public sealed class ConversationPlayer(TimeProvider time, TimeSpan patience)
{
    public async Task<Performance> PlayAsync(
        Conversation conversation, IScene scene, Chunking chunking, CancellationToken cancellationToken)
    {
        await using var wire = new ClientWire(scene.Connection, chunking, patience);
        var part = new Part(scene, wire, time);
        var difference = await part.PlayAsync(conversation.Steps, cancellationToken);
        return new(conversation, part.Transcript, difference);
    }

    /// <summary>One performance's state.</summary>
    private sealed class Part(IScene scene, ClientWire wire, TimeProvider time)
    {
        private readonly long _begun = time.GetTimestamp();
        private readonly List<byte> _unsent = [];
        private LinePattern? _passedOver;
        private Step.Verdict? _verdict;
        private bool _hungUp;

        public List<TranscriptLine> Transcript { get; } = [];

        public async Task<Difference?> PlayAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken)
        {
            foreach (var step in steps)
            {
                if (step is Step.Send send)
                {
                    _unsent.AddRange(send.Octets.Span);
                    continue;
                }
                await FlushAsync(cancellationToken);
                if (await TakeAsync(step, cancellationToken) is { } difference)
                    return difference;
            }
            await FlushAsync(cancellationToken);
            return await FinishAsync(cancellationToken);
        }

        private async ValueTask<Difference?> TakeAsync(Step step, CancellationToken cancellationToken)
        {
            switch (step)
            {
                case Step.Expect expect:
                    return await ExpectAsync(expect, cancellationToken);
                case Step.PassOver any:
                    _passedOver = any.Pattern;
                    return null;
                case Step.Secure:
                    await wire.SecureAsync(cancellationToken);
                    Say(Speaker.Stage, "TLS is up");
                    return null;
                case Step.Close:
                    await HangUpAsync();
                    return null;
                case Step.Closed closed:
                    return await SilenceAsync(closed.Line, cancellationToken);
                case Step.Advance advance:
                    Say(Speaker.Stage, scene.TryAdvance(advance.Duration) ? $"{advance.Duration} pass" : "time cannot be moved here");
                    return null;
                case Step.SmartHost host:
                    Say(Speaker.Stage, scene.TryDirect(host.Answer) ? $"smart host: {host.Answer}" : "no smart host to direct here");
                    return null;
                case Step.Verdict verdict:
                    // Known for certain once the connection has ended: judged there.
                    _verdict = verdict;
                    return null;
                default:
                    return scene.Relayed is { } relayed ? JudgeRelayed(step, relayed) : null;
            }
        }

        private async ValueTask<Difference?> ExpectAsync(Step.Expect expect, CancellationToken cancellationToken)
        {
            var passedOver = _passedOver;
            _passedOver = null;
            while (true)
            {
                var line = await wire.ReadLineAsync(cancellationToken);
                if (line.Text is not { } text)
                    return new(expect.Line, expect.Pattern.Text, line.ToString());
                Say(Speaker.Server, text);
                if (expect.Pattern.Matches(text))
                    return null;
                if (passedOver is null || !passedOver.Matches(text))
                    return new(expect.Line, expect.Pattern.Text, text);
            }
        }

        private async ValueTask<Difference?> SilenceAsync(int? at, CancellationToken cancellationToken)
        {
            var line = await wire.ReadLineAsync(cancellationToken);
            if (line.IsEnd)
                return null;
            if (line.Text is { } text)
                Say(Speaker.Server, text);
            return new(at, "(the server hangs up)", line.ToString());
        }

        private static Difference? JudgeRelayed(Step step, IReadOnlyList<CapturedMessage> relayed) => step switch
        {
            Step.Relayed count when count.Count != relayed.Count
                => new(count.Line, $"{count.Count} at the smart host", $"{relayed.Count} at the smart host"),
            Step.RelayedEnvelope or Step.RelayedLine or Step.AbsentLine when relayed.Count == 0
                => new(step.Line, "a message at the smart host", "none"),
            Step.RelayedEnvelope envelope when relayed[^1].EnvelopeText != envelope.Expected
                => new(step.Line, envelope.Expected, relayed[^1].EnvelopeText),
            Step.RelayedLine line when !relayed[^1].UnfoldedLines.Any(line.Pattern.Matches)
                => new(step.Line, line.Pattern.Text, "no such line in:" + string.Concat(relayed[^1].UnfoldedLines.Select(text => $"\n    {text}"))),
            Step.AbsentLine line when relayed[^1].UnfoldedLines.FirstOrDefault(line.Pattern.Matches) is { } found
                => new(step.Line, $"no line like {line.Pattern.Text}", found),
            _ => null,
        };

        // Whatever the server says that the file does not tell is a difference too.
        private async ValueTask<Difference?> FinishAsync(CancellationToken cancellationToken)
        {
            if (!_hungUp)
            {
                await wire.FinishWritingAsync();
                if (await SilenceAsync(null, cancellationToken) is { } more)
                    return more;
            }
            var decided = await scene.EndAsync(cancellationToken);
            if (_verdict is not { } verdict || decided is null)
                return null;
            var isSame = Word(decided.Decision) == Word(verdict.Decision) && (verdict.Check is null || verdict.Check == decided.Check);
            return isSame ? null : new(verdict.Line, $"{Word(verdict.Decision)} {verdict.Check}", $"{Word(decided.Decision)} {decided.Check}");
        }

        private static string Word(Decision decision) => decision switch
        {
            Decision.Defer => "defer",
            Decision.Reject => "reject",
            _ => "accept",
        };

        private async ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            if (_unsent.Count == 0)
                return;
            var octets = _unsent.ToArray();
            _unsent.Clear();
            foreach (var line in ClientWire.Lines(octets))
                Say(Speaker.Client, line);
            await wire.WriteAsync(octets, cancellationToken);
        }

        private async ValueTask HangUpAsync()
        {
            _hungUp = true;
            Say(Speaker.Stage, "the client hangs up");
            await wire.DisposeAsync();
        }

        private void Say(Speaker speaker, string text) => Transcript.Add(new(time.GetElapsedTime(_begun), speaker, text));
    }
}
