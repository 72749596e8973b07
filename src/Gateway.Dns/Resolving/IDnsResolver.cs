namespace Gateway.Dns;

/// <summary>Answers questions. Whatever a network or a server does is a value, never an exception.</summary>
public interface IDnsResolver
{
    /// <exception cref="OperationCanceledException">The caller no longer wants the answer.</exception>
    ValueTask<DnsAnswer> ResolveAsync(DnsQuestion question, CancellationToken cancellationToken);
}
