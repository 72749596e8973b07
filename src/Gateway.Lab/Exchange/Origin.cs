namespace Gateway.Lab.Exchange;

/// <summary>Where words come from that Exchange 2003 is made to say: from one of the two articles, or from elsewhere.</summary>
/// <param name="Name">The article, or the other source.</param>
/// <param name="IsArticle">Whether it is KB300171 or KB895853.</param>
public sealed record Origin(string Name, bool IsArticle)
{
    public static readonly Origin Kb300171 = new("KB300171", true);

    public static readonly Origin Kb895853 = new("KB895853", true);

    /// <summary>Delivery status notifications: the words of 5.1.1.</summary>
    public static readonly Origin Kb284204 = new("KB284204", false);

    /// <summary>A connection that is dropped, as the reason of event 4000.</summary>
    public static readonly Origin Kb286673 = new("KB286673", false);

    /// <summary>Event 4006.</summary>
    public static readonly Origin Analyzer = new("Exchange Server Analyzer, aa996281", false);

    /// <summary>Event 7002.</summary>
    public static readonly Origin EventId = new("eventid.net, event 7002", false);

    /// <summary>Event 7004: KB895853 has the number only, and its text is that of 7002.</summary>
    public static readonly Origin Text7004 = new("KB895853 names the event; its text is in neither article, from eventid.net", true);

    /// <summary>Event 4001 of a refused relaying.</summary>
    public static readonly Origin BothArticles = new("KB300171; KB895853 names the event, too", true);

    /// <summary>The NDR that shows the other server's reply behind the code.</summary>
    public static readonly Origin TechNet = new("TechNet, bb288511", false);

    /// <summary>The words of 4.4.7, 5.2.2 and 5.7.1.</summary>
    public static readonly Origin Reports = new("NDRs of Exchange 2003 that administrators published", false);

    public override string ToString() => IsArticle ? Name : $"in neither article, from {Name}";
}
