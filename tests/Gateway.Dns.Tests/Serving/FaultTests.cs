namespace Gateway.Dns.Tests.Serving;

public class FaultTests
{
    private static readonly DomainName Name = DomainName.Parse("a.b.test");

    [Theory]
    [InlineData("servfail", "servfail")]
    [InlineData("Refuse", "refuse")]
    [InlineData("NXDOMAIN", "nxdomain")]
    [InlineData("drop", "drop")]
    [InlineData("truncate", "truncate")]
    [InlineData("malformed", "malformed")]
    [InlineData("Wrong-ID", "wrong-id")]
    [InlineData("lame", "lame")]
    [InlineData("wrong-id delay 1s", "delay 1s wrong-id")]
    [InlineData("delay 500ms", "delay 500ms")]
    [InlineData("delay 1m30s", "delay 90s")]
    [InlineData("delay 2s servfail", "delay 2s servfail")]
    [InlineData("servfail  delay 2s", "delay 2s servfail")]
    public void A_fault_is_read_and_written(string text, string expected)
    {
        Assert.True(Fault.TryParse(text, out var fault));
        Assert.Equal(expected, fault.ToString());
        Assert.True(Fault.TryParse(expected, out var again));
        Assert.Equal(fault, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("delay")]
    [InlineData("delay -1s")]
    [InlineData("delay 1s delay 1s")]
    [InlineData("drop refuse")]
    [InlineData("nothing")]
    public void What_is_no_fault_is_not_read(string text) => Assert.False(Fault.TryParse(text, out _));

    [Fact]
    public void Delays_add_up()
    {
        var fault = new Fault.Delay(TimeSpan.FromSeconds(1), new Fault.Delay(TimeSpan.FromSeconds(2), new Fault.Drop()));

        Assert.Equal((TimeSpan.FromSeconds(3), new Fault.Drop()), Fault.Split(fault));
        Assert.Equal((TimeSpan.Zero, null), Fault.Split(null));
    }

    [Fact]
    public void The_closest_rule_counts()
    {
        var faults = new FaultTable();
        Assert.Null(faults.Find(Name, RecordType.A));

        faults.Set(DomainName.Parse("*.test"), null, new Fault.Drop());
        Assert.Equal(new Fault.Drop(), faults.Find(Name, RecordType.A));
        Assert.Null(faults.Find(DomainName.Parse("test"), RecordType.A));

        faults.Set(DomainName.Parse("*.B.test"), null, new Fault.Refuse());
        Assert.Equal(new Fault.Refuse(), faults.Find(Name, RecordType.A));

        faults.Set(Name, null, new Fault.ServerFailure());
        Assert.Equal(new Fault.ServerFailure(), faults.Find(Name, RecordType.A));

        faults.Set(Name, RecordType.A, new Fault.Truncate());
        Assert.Equal(new Fault.Truncate(), faults.Find(Name, RecordType.A));
        Assert.Equal(new Fault.ServerFailure(), faults.Find(Name, RecordType.Mx));
    }

    [Fact]
    public void A_rule_ends_when_it_is_cleared()
    {
        var faults = new FaultTable([new(Name, null, new Fault.Drop())]);
        faults.Set(Name, null, new Fault.Refuse());
        Assert.Single(faults.Rules);

        Assert.False(faults.Clear(Name, RecordType.A));
        Assert.True(faults.Clear(Name, null));
        Assert.Null(faults.Find(Name, RecordType.A));

        faults.Set(Name, null, new Fault.Drop());
        faults.Clear();
        Assert.Empty(faults.Rules);
    }

    [Fact]
    public async Task Changes_from_many_threads_are_all_kept()
    {
        var faults = new FaultTable();
        await Parallel.ForAsync(0, 500, (number, _) =>
        {
            faults.Set(DomainName.Parse($"n{number}.test"), null, new Fault.Drop());
            Assert.NotNull(faults.Find(DomainName.Parse($"n{number}.test"), RecordType.A));
            return ValueTask.CompletedTask;
        });

        Assert.Equal(500, faults.Rules.Count);
    }
}
