using System.Net;

namespace Gateway.Server.Users;

/// <summary>
/// Where passwords are checked: a few threads of its own, so that slow hashes never hold those that carry mail, and a queue
/// with an end, of which no client gets more than a share. A thread goes when there is nothing to do.
/// </summary>
internal sealed class PasswordDesk(int threads, int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _waiting = new();
    private readonly Dictionary<ClientKey, int> _perClient = [];
    private int _running;

    /// <summary>Half of the cores: the other half is the mail's.</summary>
    public static PasswordDesk ForThisMachine() => new(Math.Clamp(Environment.ProcessorCount / 2, 1, 8), capacity: 256);

    /// <summary>Null when the desk is too busy for this client.</summary>
    public Task<T>? TryAsk<T>(IPAddress client, Func<T> work)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var key = ClientKey.Of(client);
            var mine = _perClient.GetValueOrDefault(key);
            if (_waiting.Count >= capacity || mine >= capacity / 4)
                return null;
            _perClient[key] = mine + 1;
            _waiting.Enqueue(() => Answer(answer, work, key));
            if (_running < threads)
            {
                _running++;
                new Thread(Run) { IsBackground = true, Name = "passwords" }.Start();
            }
        }
        return answer.Task;
    }

    private void Answer<T>(TaskCompletionSource<T> answer, Func<T> work, ClientKey client)
    {
        T result;
        try
        {
            result = work();
        }
#pragma warning disable CA1031 // Thrown on to who asked: here it would end the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Leave(client);
            answer.SetException(error);
            return;
        }
        // Its place is free before it hears the answer, and asks again.
        Leave(client);
        answer.SetResult(result);
    }

    private void Run()
    {
        while (Next() is { } work)
            work();
    }

    private Action? Next()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var work))
                return work;
            _running--;
            return null;
        }
    }

    private void Leave(ClientKey client)
    {
        lock (_gate)
        {
            if (--_perClient[client] == 0)
                _perClient.Remove(client);
        }
    }
}
