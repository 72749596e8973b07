namespace Gateway.Fuzzing;

/// <summary>A reader gave a result that it must never give.</summary>
public sealed class PropertyException(string message) : Exception(message);

/// <summary>What has to hold for every input. A reader under test returns values, so any exception at all is a defect.</summary>
internal static class Property
{
    public static void Holds(bool holds, string property, object? found = null)
    {
        if (!holds)
            throw new PropertyException(found is null ? property : $"{property}: {found}");
    }

    public static void Same<T>(T expected, T actual, string property)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new PropertyException($"{property}\nexpected: {expected}\nactual:   {actual}");
    }

    public static void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, string property)
    {
        if (!expected.SequenceEqual(actual))
            throw new PropertyException($"{property}\nexpected: {Convert.ToHexString(expected)}\nactual:   {Convert.ToHexString(actual)}");
    }

    /// <summary>Text that no terminal and no log line can misread.</summary>
    public static void IsPrintable(ReadOnlySpan<char> text, string property)
    {
        if (text.ContainsAnyExceptInRange(' ', '~'))
            throw new PropertyException($"{property}: it is not printable ASCII: {text}");
    }
}
