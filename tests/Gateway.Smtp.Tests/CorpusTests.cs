using Gateway.Fuzzing;
using Gateway.Fuzzing.Smtp;

namespace Gateway.Smtp.Tests;

/// <summary>Plays again what fuzzing found, and what it began with (docs/fuzzing.md).</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Readers => [.. SmtpTargets.All.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Every_input_of_the_corpus_keeps_the_properties_of_its_reader(string reader)
    {
        var target = SmtpTargets.All.Single(target => target.Name == reader);
        var files = Corpus.Of(target);
        Assert.NotEmpty(files);
        Assert.All(files, file => target.Check(File.ReadAllBytes(file)));
    }
}
