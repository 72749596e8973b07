using Gateway.Policy;
using Gateway.Policy.Checks;
using Gateway.Policy.Facts;
using Gateway.Policy.Profiles;

namespace Gateway.Server.Configuration;

/// <summary>
/// The list of public suffixes (publicsuffix.org) as a file of this machine, which keeps it up to date; the program brings none of
/// its own, that would grow old with it.
/// </summary>
public static class PublicSuffixFile
{
    // Debian, Fedora and their kin; the older name; FreeBSD.
    private static readonly string[] Known =
    [
        "/usr/share/publicsuffix/public_suffix_list.dat",
        "/usr/share/publicsuffix/effective_tld_names.dat",
        "/usr/local/share/public_suffix_list/public_suffix_list.dat",
    ];

    /// <summary>The list, if a listener's profile compares organizations; without one it is compared by two labels.</summary>
    public static PublicSuffixes Load(GatewayOptions options) =>
        options.Listeners.Any(listener => listener.Profile.Checks.Any(Compares))
            ? Load(options.Policy.PublicSuffixFile)
            : PublicSuffixes.None;

    /// <param name="file">Null looks where systems keep it.</param>
    public static PublicSuffixes Load(string? file)
    {
        foreach (var candidate in file is null ? Known : [file])
            if (TryRead(candidate, out var suffixes) is null)
                return suffixes;
        return PublicSuffixes.None;
    }

    /// <summary>Why a file is no list of public suffixes; null when it is one.</summary>
    public static string? WhyNot(string file) => TryRead(file, out _);

    private static bool Compares(CheckRule rule) =>
        rule is { Check: RequireSenderMatchesClient } and not { IPv4: CheckMode.Off, IPv6: CheckMode.Off };

    private static string? TryRead(string file, out PublicSuffixes suffixes)
    {
        suffixes = PublicSuffixes.None;
        try
        {
            suffixes = PublicSuffixes.Parse(File.ReadAllText(file));
            return suffixes.IsListed ? null : "it holds no rule";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}
