using System.Buffers;
using System.Runtime.CompilerServices;

namespace Gateway.Smtp;

/// <summary>
/// A temporary file without a name to be found by: on Unix it is unlinked as soon as it is open, on Windows the system
/// deletes it with the last handle. Either way it is gone also when the process is killed.
/// </summary>
internal sealed class SpillFile : IDisposable
{
    private const int ReadBlock = 64 << 10;

    private readonly FileStream _file;
    private long _length;

    public SpillFile(string folder)
    {
        var path = Path.Combine(folder, $"gateway-{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
        {
            _file = new FileStream(path, options);
            return;
        }
        // Mail is nobody else's to read, and folders for temporary files are shared.
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        options.Options = FileOptions.Asynchronous;
        _file = new FileStream(path, options);
        File.Delete(path);
    }

    public async ValueTask WriteAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        await RandomAccess.WriteAsync(_file.SafeFileHandle, pieces, _length, cancellationToken);
        for (var i = 0; i < pieces.Count; i++)
            _length += pieces[i].Length;
    }

    /// <summary>Reads keep their own place, so that there can be several at once.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(ReadBlock);
        try
        {
            for (var at = 0L; at < _length;)
            {
                var read = await RandomAccess.ReadAsync(_file.SafeFileHandle, block, at, cancellationToken);
                if (read == 0)
                    throw new EndOfStreamException("a message's temporary file is shorter than what was written to it");
                at += read;
                yield return block.AsMemory(0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    public void Dispose() => _file.Dispose();
}
