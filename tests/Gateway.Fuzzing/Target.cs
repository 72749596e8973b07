namespace Gateway.Fuzzing;

/// <summary>Reads an input and checks the result; throws when a property does not hold.</summary>
internal delegate void CheckInput(ReadOnlySpan<byte> input);

/// <summary>A reader under test.</summary>
/// <param name="Name">Also the name of its folder in tests/Corpora.</param>
/// <param name="Check">Its properties.</param>
internal sealed record Target(string Name, CheckInput Check);
