using System.Diagnostics.CodeAnalysis;

namespace Gateway.Smtp;

/// <summary>Whether the proxy knows what an attribute of XCLIENT is about.</summary>
public enum XclientStanding
{
    Given,

    /// <summary><c>[UNAVAILABLE]</c>: there is none.</summary>
    Unavailable,

    /// <summary><c>[TEMPUNAVAIL]</c>: the DNS could not say; of names only.</summary>
    TemporarilyUnavailable,
}

/// <summary>An attribute of XCLIENT that stands in the command.</summary>
public readonly record struct XclientValue<T>(XclientStanding Standing, T? Value)
    where T : notnull
{
    public XclientValue(T value)
        : this(XclientStanding.Given, value)
    {
    }

    public bool IsGiven => Standing == XclientStanding.Given;

    public bool TryGet([NotNullWhen(true)] out T? value)
    {
        value = Value;
        return IsGiven;
    }
}
