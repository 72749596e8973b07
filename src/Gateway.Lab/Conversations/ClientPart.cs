using Gateway.Lab.Talking;
using Gateway.Smtp;

namespace Gateway.Lab.Conversations;

/// <summary>The client while one conversation is played: it sends its lines and compares the server's lines with the file.</summary>
internal sealed class ClientPart(IScene scene, Func<SmtpConnection, ConversationConnection> open, Action<Speaker, string> say) : IAsyncDisposable
{
    private readonly List<byte> _unsent = [];

    // Judged when the connection has ended, because only then their facts are complete.
    private readonly List<Step> _afterwards = [];
    private ConversationConnection? _connection;
    private LinePattern? _passedOver;
    private string? _smartHost;
    private bool _hungUp;
    private bool _isReplyDue;

    private ConversationConnection Connection => _connection ?? throw new InvalidOperationException("the client is not connected");

    public async Task<Difference?> PlayAsync(IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        foreach (var step in steps)
        {
            if (step is Step.Send send)
            {
                _unsent.AddRange(send.Octets.Span);
                continue;
            }
            await FlushAsync();
            if (await TakeAsync(step, cancellationToken) is { } difference)
                return difference;
        }
        await FlushAsync();
        return await FinishAsync(cancellationToken);
    }

    private async ValueTask<Difference?> TakeAsync(Step step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case Step.Expect expect:
                return await ExpectAsync(expect);
            case Step.PassOver any:
                _passedOver = any.Pattern;
                return null;
            case Step.Secure secure:
                return await SecureAsync(secure);
            case Step.Close:
                await HangUpAsync();
                return null;
            case Step.Closed closed:
                return await SilenceAsync(closed.Line);
            case Step.Connect:
                return await FinishAsync(cancellationToken) ?? await AgainAsync(cancellationToken);
            case Step.Advance advance:
                Did(await scene.TryAdvanceAsync(advance.Duration, _isReplyDue, cancellationToken), $"{advance.Duration} pass");
                return null;
            case Step.SmartHost host:
                Did(scene.TryDirect(host.Answer, _smartHost), $"{_smartHost ?? "smart host"}: {host.Answer}");
                return null;
            case Step.At at:
                _smartHost = at.Host;
                return null;
            case Step.SetFault fault:
                Did(scene.TryMisbehave(fault.Change), $"DNS: {fault.Change}");
                return null;
            case Step.Verdict or Step.JournalLine or Step.UnjournalLine or Step.AdviceLine or Step.UnadvisedLine:
                _afterwards.Add(step);
                return null;
            default:
                return scene.TakenBy(_smartHost) is { } taken ? Judgements.Of(step, taken, _smartHost ?? Judgements.UsualSmartHost, Staged) : null;
        }
    }

    private void Did(bool done, string what)
    {
        if (done)
            Staged(what);
    }

    private void Staged(string what) => say(Speaker.Stage, what);

    private async ValueTask ConnectAsync(CancellationToken cancellationToken)
    {
        _connection = open(await scene.ConnectAsync(Staged, cancellationToken));
        _hungUp = false;
    }

    private async ValueTask<Difference?> AgainAsync(CancellationToken cancellationToken)
    {
        await Connection.DisposeAsync();
        await ConnectAsync(cancellationToken);
        Staged("the client connects again");
        return null;
    }

    private async ValueTask<Difference?> SecureAsync(Step.Secure step)
    {
        if (await Connection.SecureAsync() is { } problem)
            return new(step.Line, "(TLS)", $"(no TLS: {problem})");
        Staged("TLS is up");
        return null;
    }

    private async ValueTask<Difference?> ExpectAsync(Step.Expect expect)
    {
        var passedOver = _passedOver;
        _passedOver = null;
        while (true)
        {
            var line = await Connection.ReadLineAsync();
            if (line.Text is not { } text)
                return new(expect.Line, expect.Pattern.Text, line.ToString());
            _isReplyDue = false;
            say(Speaker.Server, text);
            if (expect.Pattern.Matches(text))
                return null;
            if (passedOver is null || !passedOver.Matches(text))
                return Difference.Between(expect.Line, expect.Pattern, text);
        }
    }

    private async ValueTask<Difference?> SilenceAsync(int? at)
    {
        var line = await Connection.ReadLineAsync();
        if (line.IsEnd)
            return null;
        if (line.Text is { } text)
            say(Speaker.Server, text);
        return new(at, "(the server hangs up)", line.ToString());
    }

    // A line of the server that the file does not expect is a difference, too.
    private async ValueTask<Difference?> FinishAsync(CancellationToken cancellationToken)
    {
        if (!_hungUp)
        {
            await Connection.EndWritingAsync();
            if (await SilenceAsync(null) is { } more)
                return more;
        }
        var decided = await scene.EndAsync(cancellationToken);
        foreach (var step in _afterwards)
            if (await Judgements.AfterwardsAsync(step, decided, scene, Staged, cancellationToken) is { } difference)
                return difference;
        _afterwards.Clear();
        return null;
    }

    private async ValueTask FlushAsync()
    {
        if (_unsent.Count == 0)
            return;
        var octets = _unsent.ToArray();
        _unsent.Clear();
        _isReplyDue = true;
        foreach (var line in ConversationConnection.Lines(octets))
            say(Speaker.Client, line);
        await Connection.WriteAsync(octets);
    }

    private async ValueTask HangUpAsync()
    {
        _hungUp = true;
        Staged("the client hangs up");
        await Connection.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;
}
