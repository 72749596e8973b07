namespace Gateway.Lab.Exchange;

/// <summary>An entry of the application log, as the event viewer shows it.</summary>
/// <param name="Id">The number by which administrators know it.</param>
/// <param name="Type">Warning or Error; null where the source does not say it.</param>
/// <param name="Category">Null where the source does not say it.</param>
/// <param name="Description">The text; null where the source names the event only.</param>
/// <param name="Origin">Where the text comes from; where there is none, the article that names the event.</param>
public sealed record EventEntry(int Id, string? Type, string? Category, string? Description, Origin Origin)
{
    /// <summary>All that Exchange 2000 and 2003 write about SMTP.</summary>
    public const string Source = "MSExchangeTransport";
}

/// <summary>A cause that KB895853 knows for a refusal with 5.7.1 or 5.7.3.</summary>
/// <param name="Scenario">As the article counts them.</param>
/// <param name="Cause">What is wrong.</param>
/// <param name="Codes">The codes of the NDR.</param>
/// <param name="Events">The events that the article names for it; none where it names none for this scenario alone.</param>
public sealed record RelayCause(int Scenario, string Cause, string Codes, IReadOnlyList<int> Events);

/// <summary>What the users and the administrator of a sending Exchange 2003 see of a delivery that failed.</summary>
public sealed record ExchangeReport
{
    /// <summary>What the sender reads at once; null when nothing was refused for good.</summary>
    public NonDeliveryReport? Report { get; init; }

    /// <summary>What the sender reads if the trouble lasts until the message expires in the queue; null when nothing is tried again.</summary>
    public NonDeliveryReport? Expired { get; init; }

    /// <summary>In the application log.</summary>
    public IReadOnlyList<EventEntry> Events { get; init; } = [];

    /// <summary>In a network trace.</summary>
    public IReadOnlyList<string> Trace { get; init; } = [];

    /// <summary>What may stand behind it, by KB895853.</summary>
    public IReadOnlyList<RelayCause> Causes { get; init; } = [];

    /// <summary>What an administrator has to know to read all this.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
