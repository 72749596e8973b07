namespace Gateway.Server.Delivery;

internal static partial class RelayLog
{
    [LoggerMessage(5000, LogLevel.Warning,
        "smart host {SmartHost} wants authentication, and takes no mail without: it says \"{Words}\". Set {Keys}; until then clients are told 451 4.3.5, and keep their messages")]
    public static partial void WantsAuthentication(ILogger logger, string smartHost, string words, string keys);

    [LoggerMessage(5001, LogLevel.Warning,
        "smart host {SmartHost} refuses the login of {UserName}: it says \"{Words}\". Look at {Keys}; until then clients are told 451 4.3.5, and keep their messages")]
    public static partial void RefusesLogin(ILogger logger, string smartHost, string userName, string words, string keys);

    [LoggerMessage(5002, LogLevel.Warning, "smart host {SmartHost} cannot be had: {Reason}; until it can, clients are told 451 4.4.1, and keep their messages")]
    public static partial void Unusable(ILogger logger, string smartHost, string reason);

    [LoggerMessage(5003, LogLevel.Information, "smart host {SmartHost} takes mail again")]
    public static partial void IsBack(ILogger logger, string smartHost);

    [LoggerMessage(5004, LogLevel.Warning,
        "smart host {SmartHost} got a whole message and did not say whether it took it: {Reason}. The client is told 451 4.4.2 and sends it again, which may make a second copy. The journal marks such messages \"in doubt\"")]
    public static partial void InDoubt(ILogger logger, string smartHost, string reason);

    [LoggerMessage(5005, LogLevel.Information, "{File} was read again: it holds the certificates of {Count} authorities")]
    public static partial void AuthoritiesRead(ILogger logger, string file, int count);

    [LoggerMessage(5006, LogLevel.Warning, "{File} has changed and cannot be used: {Reason}. The authorities that were read before stay in use")]
    public static partial void AuthoritiesKept(ILogger logger, string file, string reason);
}
