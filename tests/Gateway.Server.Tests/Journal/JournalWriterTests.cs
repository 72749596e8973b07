using Gateway.Lab.Conversations;
using Gateway.Server.Inbound;
using Gateway.Server.Journal;
using Gateway.Tests;
using Microsoft.Data.Sqlite;
using static Gateway.Tests.Sessions;

namespace Gateway.Server.Tests.Journal;

public sealed class JournalWriterTests : IDisposable
{
    private const int Capacity = JournalWriter.MaxWaiting;

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_that_ended_before_a_stop_is_written()
    {
        await _folder.WriteAsync(Enumerable.Range(1, 1234).Select(number => Empty(Noon, number).Record));
        Assert.Equal(1234, _folder.Count);
        Assert.Contains(_folder.Log, line => line.StartsWith($"the journal is {_folder.File};", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reader_finds_a_session_while_the_writer_goes_on()
    {
        await _folder.WriteAsync(Empty(Noon));
        var time = new StagedTime(Noon);
        using var writer = _folder.Writer(time);
        await writer.StartAsync(CancellationToken.None);
        var session = Rich(Noon, 2);
        writer.Ended(session);
        await EventuallyAsync(() => _folder.Count == 2, () => time.Advance(TimeSpan.FromSeconds(1)));
        using (var reader = JournalReader.Open(_folder.File))
        {
            // A reader that has begun holds nobody up, and sees what was there when it began.
            using var moment = reader.Connection.BeginTransaction(deferred: true);
            Assert.Equal(session.Id, reader.Find(session.Id)?.Id);
            writer.Ended(Empty(Noon, 3));
            await EventuallyAsync(() => _folder.Count == 3, () => time.Advance(TimeSpan.FromSeconds(1)));
            Assert.Equal(2, reader.Reach().Sessions);
        }
        await writer.StopAsync(CancellationToken.None);
        Assert.Equal(0, writer.LostCount);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_stops_nobody_and_the_loss_is_counted_and_said()
    {
        Directory.CreateDirectory(_folder.File);
        var time = new StagedTime(Noon);
        using var writer = _folder.Writer(time);
        await writer.StartAsync(CancellationToken.None);

        for (var number = 1; number <= Capacity + 7; number++)
            writer.Ended(Empty(Noon, number));
        Assert.Equal(7, writer.LostCount);
        await EventuallyAsync(() => _folder.Log.Any(line => line.Contains("cannot be written", StringComparison.Ordinal)));

        Directory.Delete(_folder.File);
        await EventuallyAsync(() => _folder.Log.Any(line => line.EndsWith("can be written again", StringComparison.Ordinal)), () => time.Advance(TimeSpan.FromSeconds(1)));
        await writer.StopAsync(CancellationToken.None);

        Assert.Equal(Capacity, _folder.Count);
        Assert.Equal(7, writer.LostCount);
        Assert.Contains("7 sessions are missing from the journal, because it could not be written, or not fast enough", _folder.Log);
        // However often it was tried, it is said once.
        Assert.Single(_folder.Log, line => line.Contains("cannot be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sessions_that_wait_for_the_journal_are_bounded_in_octets_too()
    {
        Directory.CreateDirectory(_folder.File);
        using var writer = _folder.Writer(new StagedTime(Noon));
        var session = Empty(Noon);
        for (var i = 0; i < 100; i++)
        {
            session.Begin(new(new(new string('a', 10_000), "example.org")), default);
            session.CloseTransaction();
        }
        var room = (int)(JournalWriter.MaxWaitingOctets / RecordSize.Of(session));
        Assert.InRange(room, 10, 100);

        for (var number = 0; number < room + 7; number++)
            writer.Ended(session);

        Assert.Equal(7, writer.LostCount);
        await writer.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_journal_that_cannot_be_written()
    {
        Directory.CreateDirectory(_folder.File);
        using var writer = _folder.Writer(new StagedTime(Noon));
        await writer.StartAsync(CancellationToken.None);
        for (var number = 1; number <= 3; number++)
            writer.Ended(Empty(Noon, number));
        await writer.StopAsync(CancellationToken.None);
        Assert.Equal(3, writer.LostCount);
        Assert.Contains("3 sessions are missing from the journal, because it could not be written, or not fast enough", _folder.Log);
    }

    [Fact]
    public async Task A_lock_is_waited_out()
    {
        await _folder.WriteAsync(Empty(Noon));
        var time = new StagedTime(Noon);
        using var writer = _folder.Writer(time);
        using (var other = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            other.Open();
            using var held = other.BeginTransaction();
            await writer.StartAsync(CancellationToken.None);
            writer.Ended(Empty(Noon, 2));
            await EventuallyAsync(() => _folder.Log.Any(line => line.Contains("locked", StringComparison.Ordinal)), () => time.Advance(TimeSpan.FromSeconds(1)));
        }
        await EventuallyAsync(() => _folder.Count == 2, () => time.Advance(TimeSpan.FromSeconds(1)));
        await writer.StopAsync(CancellationToken.None);
        Assert.Equal(0, writer.LostCount);
    }

    [Theory]
    [InlineData(0, "the header")]
    [InlineData(4096, "everything behind the schema")]
    public async Task A_damaged_file_is_set_aside_and_a_new_journal_begins(int from, string reason)
    {
        await _folder.WriteAsync(Enumerable.Range(1, 50).Select(number => Empty(Noon, number).Record));
        var damaged = await File.ReadAllBytesAsync(_folder.File);
        damaged.AsSpan(from).Fill((byte)'x');
        await File.WriteAllBytesAsync(_folder.File, damaged);

        await _folder.WriteAsync(Empty(Noon, 99));

        Assert.True(_folder.Count == 1, reason);
        var aside = Assert.Single(_folder.Aside);
        var kept = await File.ReadAllBytesAsync(aside);
        Assert.True(damaged.AsSpan().SequenceEqual(kept), "what was set aside is no longer what it was");
        Assert.Contains(_folder.Log, line => line.Contains("is damaged", StringComparison.Ordinal) && line.Contains(aside, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_too_old_goes_though_nobody_comes()
    {
        await _folder.WriteAsync(Empty(Noon));
        var time = new StagedTime(Noon.AddDays(29));
        using var writer = _folder.Writer(time);
        await writer.StartAsync(CancellationToken.None);
        Assert.Equal(1, _folder.Count);
        await EventuallyAsync(() => _folder.Count == 0, () => time.Advance(TimeSpan.FromHours(25)));
        await writer.StopAsync(CancellationToken.None);
    }

    /// <summary>Looks again until it is so, and fails after a minute.</summary>
    private static async Task EventuallyAsync(Func<bool> isSo, Action? meanwhile = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), TimeProvider.System);
        while (!isSo())
        {
            meanwhile?.Invoke();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
