using Gateway.Policy.Facts;
using Gateway.Policy.Reading;

namespace Gateway.Policy.Checks;

/// <summary>
/// The client speaks before it is greeted, which RFC 5321 §4.3.1 tells it not to: a program that does not listen. The greeting
/// waits a while to give it the chance.
/// </summary>
/// <param name="wait">How long the greeting is held back.</param>
public sealed class RefuseEarlyTalker(TimeSpan wait) : ICheckWithOptions
{
    // Of the five minutes that a client waits (RFC 5321 §4.5.3.2.1); many wait for half a minute only.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(2);
    private static readonly string[] Keys = ["wait"];

    private static readonly Refusal Early = new("early-talker", 550, 5, 1,
        "Protocol error: client host [{ip}] sent commands before the greeting (RFC 5321 4.3.1)");

    public RefuseEarlyTalker()
        : this(DefaultWait)
    {
    }

    public string Name => "refuse-early-talker";

    public Stage Stage => Stage.Connect;

    public IReadOnlyList<Refusal> Refusals { get; } = [Early];

    public TimeSpan Wait => wait;

    public ValueTask<Outcome> JudgeAsync(PolicyFacts facts, CancellationToken cancellationToken) => new(facts.IsEarlyTalker
        ? Early.Because($"{facts.Address} sent commands before the greeting")
        : Outcome.Continue($"{facts.Address} waited for the greeting"));

    IPolicyCheck ICheckWithOptions.With(JsonObjectReader reader, JsonValue rule, JsonValue? options) =>
        options is null ? this : new RefuseEarlyTalker(OptionValues.Duration(reader.Inner(options, Keys), "wait", MaxWait) ?? DefaultWait);
}
