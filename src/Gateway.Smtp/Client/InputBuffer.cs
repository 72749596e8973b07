using System.Buffers;

namespace Gateway.Smtp;

/// <summary>
/// The octets that a server has sent: the reply or line that is being read, and the octets that came after it. A released buffer holds no
/// memory, so that a pool of idle connections is small.
/// </summary>
internal sealed class InputBuffer
{
    private const int FirstSize = 2048;

    private byte[] _octets = [];
    private int _start;
    private int _readTo;
    private int _end;

    /// <summary>There are octets after the reply that was read last.</summary>
    public bool HasUnread => _readTo < _end;

    public ReadOnlySpan<byte> Unread => _octets.AsSpan(_readTo, _end - _readTo);

    /// <summary>The reply or line that was read last.</summary>
    public ReadOnlySpan<byte> Current => _octets.AsSpan(_start, _readTo - _start);

    /// <summary>Everything from the beginning of the current reply or line.</summary>
    public ReadOnlySpan<byte> Received => _octets.AsSpan(_start, _end - _start);

    /// <summary>No octet more fits without a larger buffer.</summary>
    public bool IsFull => _end == _octets.Length;

    /// <summary>The next reply or line begins where the last one ended.</summary>
    public void BeginNext() => _start = _readTo;

    public void EndCurrent(int length) => _readTo = _start + length;

    /// <summary>The current reply is read once more.</summary>
    public void ReadAgain() => _readTo = _start;

    /// <summary>Room for at least one octet. The octets that are kept move to the front; only a reply that fills the buffer makes it grow.</summary>
    public Memory<byte> Room()
    {
        var kept = Received;
        if (_octets.Length == 0 || kept.Length == _octets.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(FirstSize, _octets.Length * 2));
            kept.CopyTo(larger);
            if (_octets.Length > 0)
                ArrayPool<byte>.Shared.Return(_octets);
            _octets = larger;
        }
        else
        {
            kept.CopyTo(_octets);
        }
        _end -= _start;
        _start = _readTo = 0;
        return _octets.AsMemory(_end);
    }

    public void Advance(int count) => _end += count;

    /// <summary>Gives the memory back, unless there are octets that nobody has read.</summary>
    public void Release()
    {
        if (HasUnread || _octets.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_octets);
        _octets = [];
        _start = _end = _readTo = 0;
    }

    /// <summary>Forgets what nobody has read.</summary>
    public void Drop() => _readTo = _end;
}
