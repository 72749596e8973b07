namespace Gateway.Dns;

/// <summary>What is wrong with a zone file, and where.</summary>
public sealed record MasterFileError(string File, int Line, string Reason)
{
    public override string ToString() => $"{File}:{Line}: {Reason}";
}
