using System.Diagnostics;
using System.Text;

namespace Gateway.EndToEnd;

/// <summary>A foreign server in the foreground, and everything that it says.</summary>
internal sealed class ForeignProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    public ForeignProcess(string program, params string[] arguments)
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

    public Task ListensAsync(params int[] ports) => Poll.UntilAsync($"{_process.StartInfo.FileName} listens", async () =>
    {
        Assert.False(_process.HasExited, Output);
        foreach (var port in ports)
        {
            if (!await SmtpWire.AcceptsAsync(port))
                return false;
        }

        return true;
    }, () => Output);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Tools.Terminate(_process);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
