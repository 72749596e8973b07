using Gateway.Lab.Exchange;

namespace Gateway.Exchange;

/// <summary>The same report as JSON. docs/send.md describes it.</summary>
internal static class ExchangeJson
{
    public static object Of(DeliveryAttempt attempt)
    {
        var report = ExchangeReporter.Of(attempt);
        return new
        {
            attempt.Server,
            attempt.Sender,
            Ndr = report.Report?.Lines,
            NdrWhenExpired = report.Expired?.Lines,
            Events = report.Events.Select(static entry => new
            {
                entry.Id,
                entry.Type,
                EventEntry.Source,
                entry.Category,
                entry.Description,
                Origin = entry.Origin.ToString(),
            }),
            report.Trace,
            Causes = report.Causes.Select(static cause => new { cause.Scenario, cause.Cause, cause.Codes, cause.Events }),
            report.Notes,
        };
    }
}
