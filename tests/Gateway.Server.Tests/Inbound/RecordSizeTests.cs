using Gateway.Policy;
using Gateway.Server.Inbound;
using Gateway.Smtp;
using Gateway.Tests;

namespace Gateway.Server.Tests.Inbound;

public sealed class RecordSizeTests
{
    [Fact]
    public void A_session_with_a_message_is_a_few_KiB() => Assert.InRange(RecordSize.Of(Sessions.Rich(Sessions.Noon)), 1024, 8 * 1024);

    [Fact]
    public void The_estimate_of_a_full_record_is_what_making_it_has_taken()
    {
        Fill(Sessions.Empty(Sessions.Noon));
        var session = Sessions.Empty(Sessions.Noon);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill(session);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        // What was made and thrown away again is in the figure, too.
        Assert.InRange(RecordSize.Of(session), taken / 3, taken * 3 / 2);
    }

    [Fact]
    public void What_is_found_again_in_each_transaction_counts_once()
    {
        var finding = Sessions.Found("require-ptr", CheckMode.Monitor, Decision.Reject, "rdns-none", new string('x', 1000));
        var one = Sessions.Empty(Sessions.Noon).Delivers("example.org", finding);
        var many = Sessions.Empty(Sessions.Noon);
        for (var i = 0; i < 50; i++)
            many.Delivers("example.org", finding);

        Assert.InRange(RecordSize.Of(many), RecordSize.Of(one), 50 * 1024);
    }

    private static void Fill(SessionStory session)
    {
        for (var i = 0; i < 100; i++)
        {
            session.Begin(new(new(new string('a', 250), "example.org")), default);
            session.Accepted(Verb.Mail);
            for (var j = 0; j < 10; j++)
            {
                session.Asked(new(new(new string('b', 250), "gateway.test")));
                session.Judged(Sessions.Passed(Sessions.Found("require-ptr", CheckMode.Monitor, Decision.Reject, "rdns-none", new string('c', 200) + (i * 10 + j))));
                session.Accepted(Verb.Rcpt);
            }
            session.Refused(Verb.Data, new(554, 5, 1, new string('d', 400)));
        }
        session.CloseTransaction();
    }
}
