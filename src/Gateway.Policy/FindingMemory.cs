namespace Gateway.Policy;

/// <summary>
/// What the checks of one engine said about one connection. A finding lives as long as what its check may know: one about
/// the client for the connection, one about the sender for the transaction, one about a recipient for that recipient.
/// </summary>
internal sealed class FindingMemory(PolicyEngine engine)
{
    private readonly Finding?[] _findings = new Finding?[engine.Profile.Checks.Count];

    public PolicyEngine Engine => engine;

    public Finding? this[int rule]
    {
        get => _findings[rule];
        set => _findings[rule] = value;
    }

    /// <summary>Drops what was said on the ground of this stage or a later one.</summary>
    public void Forget(Stage stage)
    {
        for (var i = 0; i < _findings.Length; i++)
            if (engine.Profile.Checks[i].Check.Stage >= stage)
                _findings[i] = null;
    }
}
