namespace Gateway.Dns;

/// <summary>Names as zone files write them (RFC 1035 §5.1): absolute with a final dot; <c>@</c> is the origin.</summary>
internal static class MasterFileNames
{
    public static DomainName? Read(ReadOnlySpan<char> text, DomainName? origin, out string failure)
    {
        failure = "";
        if (text is "@")
        {
            if (origin is null)
                failure = "\"@\" needs an $ORIGIN above it";
            return origin;
        }
        if (!DomainName.TryParse(text, out var name))
        {
            failure = $"\"{text}\" is not a domain name";
            return null;
        }
        if (IsAbsolute(text))
            return name;
        if (origin is null)
        {
            failure = $"\"{text}\" is a relative name, and there is no $ORIGIN: end a full name with a dot";
            return null;
        }
        Span<byte> wire = stackalloc byte[2 * DomainName.MaxLength];
        name.Wire.CopyTo(wire);
        origin.Wire.CopyTo(wire[(name.Wire.Length - 1)..]);
        var whole = DomainName.FromWire(wire[..(name.Wire.Length - 1 + origin.Wire.Length)]);
        if (whole is null)
            failure = $"\"{text}\" with the origin {origin} is longer than 255 octets";
        return whole;
    }

    // A dot behind an odd number of backslashes belongs to its label.
    private static bool IsAbsolute(ReadOnlySpan<char> text)
    {
        if (text[^1] != '.')
            return false;
        var slashes = 0;
        while (slashes + 1 < text.Length && text[^(slashes + 2)] == '\\')
            slashes++;
        return slashes % 2 == 0;
    }
}
