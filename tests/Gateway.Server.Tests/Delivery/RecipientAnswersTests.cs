using Gateway.Lab.Conversations;
using Gateway.Server.Delivery;
using Gateway.Smtp;

namespace Gateway.Server.Tests.Delivery;

public sealed class RecipientAnswersTests
{
    private static readonly Reply Unknown = new(550, 1, 1, "Unknown");

    private readonly StagedTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly RecipientAnswers _answers;

    public RecipientAnswersTests() => _answers = new(_time);

    [Fact]
    public void Domains_have_no_case_and_local_parts_have()
    {
        _answers.Put(new("bob", "gateway.test"), Unknown, TimeSpan.FromMinutes(1), isKnown: false);

        Assert.True(_answers.TryGet(new("bob", "GATEWAY.Test"), out var refusal));
        Assert.Same(Unknown, refusal);
        Assert.False(_answers.TryGet(new("Bob", "gateway.test"), out _));
    }

    [Fact]
    public void The_last_answer_counts_and_none_outlives_its_time()
    {
        var bob = new Mailbox("bob", "gateway.test");
        _answers.Put(bob, null, TimeSpan.FromHours(1), isKnown: true);
        _answers.Put(bob, Unknown, TimeSpan.FromMinutes(2), isKnown: false);

        Assert.True(_answers.TryGet(bob, out var refusal));
        Assert.Same(Unknown, refusal);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(_answers.TryGet(bob, out refusal));
        Assert.Null(refusal);
    }

    [Fact]
    public void A_harvest_of_names_grows_no_memory_and_drives_out_no_real_recipient()
    {
        var bob = new Mailbox("bob", "gateway.test");
        _answers.Put(bob, null, TimeSpan.FromHours(1), isKnown: true);
        for (var i = 0; i < 3 * RecipientAnswers.MostRefused; i++)
            _answers.Put(new($"guess{i}", "gateway.test"), Unknown, TimeSpan.FromMinutes(2), isKnown: false);

        Assert.Equal(RecipientAnswers.MostRefused + 1, _answers.Count);
        Assert.True(_answers.TryGet(bob, out _));
        Assert.False(_answers.TryGet(new("guess0", "gateway.test"), out _));
        Assert.True(_answers.TryGet(new($"guess{3 * RecipientAnswers.MostRefused - 1}", "gateway.test"), out _));
    }

    [Fact]
    public void The_same_recipient_again_and_again_is_one()
    {
        for (var i = 0; i < 3 * RecipientAnswers.MostRefused; i++)
            _answers.Put(new("bob", "gateway.test"), Unknown, TimeSpan.FromMinutes(2), isKnown: false);

        Assert.Equal(1, _answers.Count);
        Assert.True(_answers.TryGet(new("bob", "gateway.test"), out _));
    }

    [Fact]
    public void A_look_allocates_nothing()
    {
        var bob = new Mailbox("bob", "gateway.test");
        _answers.Put(bob, null, TimeSpan.FromHours(1), isKnown: true);
        var again = new Mailbox("bob", "Gateway.test");
        _answers.TryGet(again, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
            _answers.TryGet(again, out _);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_reply_without_end_is_not_kept()
    {
        _answers.Put(new("bob", "gateway.test"), new(550, 1, 1, Enumerable.Repeat("no", 100)), TimeSpan.FromMinutes(2), isKnown: false);

        Assert.Equal(0, _answers.Count);
    }
}
