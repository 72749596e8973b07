namespace Gateway.Dns.Tests.Serving;

public sealed class FaultChangeTests
{
    [Theory]
    [InlineData("mail.source.com servfail", "mail.source.com", null, "servfail", "a name")]
    [InlineData("mail.source.com. MX drop", "mail.source.com", RecordType.Mx, "drop", "a type")]
    [InlineData("*.source.com ANY delay 2s nxdomain", "*.source.com", null, "delay 2s nxdomain", "any type is no type")]
    [InlineData("mail.source.com a NONE", "mail.source.com", RecordType.A, null, "the end of it")]
    public void A_change_names_whom_what_and_when(string text, string name, RecordType? type, string? fault, string why)
    {
        Assert.True(FaultChange.TryParse(text, out var change), why);
        Assert.Equal((DomainName.Parse(name), type, fault), (change.Name, change.Type, change.Fault?.ToString()));
        Assert.True(FaultChange.TryParse(change.ToString(), out var again) && again == change, why);
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("mail.source.com", "nothing happens")]
    [InlineData("servfail", "to nobody")]
    [InlineData("mail.source.com A", "a type alone")]
    [InlineData("mail.source.com nonsense", "no fault")]
    [InlineData("mail..source.com drop", "no name")]
    [InlineData("mail.source.com none drop", "both")]
    public void What_is_no_change_is_not_read(string text, string why) => Assert.False(FaultChange.TryParse(text, out _), why);

    [Fact]
    public void A_change_and_its_end_leave_nothing_behind()
    {
        var faults = new FaultTable();
        var name = DomainName.Parse("mail.source.com");

        new FaultChange(name, RecordType.A, new Fault.Drop()).ApplyTo(faults);
        Assert.IsType<Fault.Drop>(faults.Find(name, RecordType.A));

        new FaultChange(name, RecordType.A, null).ApplyTo(faults);
        Assert.Empty(faults.Rules);
    }
}
