using System.Diagnostics;
using System.Text;

namespace Gateway.EndToEnd;

/// <summary>A server in the foreground, and everything that it says.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public ServerProcess(string program, params string[] arguments)
    {
        _process = Tools.Start(program, arguments);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public StreamWriter Input => _process.StandardInput;

    public bool HasExited => _process.HasExited;

    public Task ListensAsync(params int[] ports) => AnswersAsync(async () =>
    {
        foreach (var port in ports)
        {
            if (!await SmtpWire.AcceptsAsync(port))
                return false;
        }

        return true;
    });

    /// <summary>Waits until it is ready, in whichever sense.</summary>
    public Task AnswersAsync(Func<Task<bool>> isReady) => Poll.UntilAsync($"{_process.StartInfo.FileName} answers", () =>
    {
        Assert.False(HasExited, $"{_process.StartInfo.FileName} ended:\n{Output}");
        return isReady();
    }, () => Output);

    /// <summary>Asks it to stop, as a service manager does (SIGTERM), and goes on.</summary>
    public void Terminate() => Tools.Terminate(_process);

    /// <summary>SIGKILL: a crash, a power cut, an impatient operator.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for its end. (A second SIGTERM would kill a process that is just about to return.)</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!HasExited)
            Terminate();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
