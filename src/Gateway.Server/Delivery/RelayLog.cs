namespace Gateway.Server.Delivery;

internal static partial class RelayLog
{
    [LoggerMessage(5000, LogLevel.Warning,
        "smart host {SmartHost} requires authentication: it said \"{Words}\". Set {Keys}. Until then, clients get 451 4.3.5 and keep their messages")]
    public static partial void WantsAuthentication(ILogger logger, string smartHost, string words, string keys);

    [LoggerMessage(5001, LogLevel.Warning,
        "smart host {SmartHost} refused the login of {UserName}: it said \"{Words}\". Check {Keys}. Until then, clients get 451 4.3.5 and keep their messages")]
    public static partial void RefusesLogin(ILogger logger, string smartHost, string userName, string words, string keys);

    [LoggerMessage(5002, LogLevel.Warning, "smart host {SmartHost} is unavailable: {Reason}. Until it is back, clients get 451 4.4.1 and keep their messages")]
    public static partial void Unusable(ILogger logger, string smartHost, string reason);

    [LoggerMessage(5003, LogLevel.Information, "smart host {SmartHost} accepts mail again")]
    public static partial void IsBack(ILogger logger, string smartHost);

    [LoggerMessage(5004, LogLevel.Warning,
        "smart host {SmartHost} got a whole message, but its reply did not arrive: {Reason}. The client gets 451 4.4.2 and sends the message again, so it may be delivered twice. The journal marks such messages \"in doubt\"")]
    public static partial void InDoubt(ILogger logger, string smartHost, string reason);

    [LoggerMessage(5005, LogLevel.Information, "{File} was read again: it holds the certificates of {Count} certification authorities")]
    public static partial void AuthoritiesRead(ILogger logger, string file, int count);

    [LoggerMessage(5006, LogLevel.Warning, "{File} has changed and cannot be used: {Reason}. The previous certification authorities stay in use")]
    public static partial void AuthoritiesKept(ILogger logger, string file, string reason);
}
