namespace Gateway.Tests;

/// <summary>Damages what is valid, a little and always in the same way: text that nearly is what a reader reads.</summary>
internal static class Mutation
{
    // What grammars here are made of, and what is rarely thought of: a NUL, half a surrogate pair, a line separator.
    private const string Letters = "\0\t\n\r !\"#$%*+,-./:;<=>?@[\\]_{}|~0159aAzZ\u0085\u00a0\u00e4\u2026\u2028\ud83d\ufffd";

    /// <param name="seed">Valid.</param>
    /// <param name="chance">Seeded, so that a failure can be had again.</param>
    public static string Of(string seed, Random chance)
    {
        var text = seed.ToList();
        for (var i = chance.Next(6); i > 0 && text.Count > 0; i--)
        {
            var at = chance.Next(text.Count);
            switch (chance.Next(4))
            {
                case 0:
                    text[at] = Letters[chance.Next(Letters.Length)];
                    break;
                case 1:
                    text.Insert(at, Letters[chance.Next(Letters.Length)]);
                    break;
                case 2:
                    text.RemoveRange(at, Math.Min(1 + chance.Next(8), text.Count - at));
                    break;
                default:
                    // A piece from elsewhere: half of one line behind half of another.
                    var from = chance.Next(text.Count);
                    text.InsertRange(at, text.GetRange(from, Math.Min(chance.Next(40), text.Count - from)));
                    break;
            }
        }
        return new([.. text]);
    }
}
