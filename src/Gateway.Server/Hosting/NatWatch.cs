using System.Net;
using Gateway.Policy;
using Gateway.Server.Inbound;
using Gateway.Smtp;

namespace Gateway.Server.Hosting;

/// <summary>
/// Notices that all clients come from one private address: a container's or router's address translation hides them, which
/// makes reverse DNS useless and relay networks dangerous. Said once. Safe for concurrent use.
/// </summary>
internal sealed class NatWatch
{
    private const int EnoughNames = 8;

    private static readonly Exemptions Private = new() { ExemptPrivate = true };

    private readonly Lock _gate = new();
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private IPAddress? _only;
    private volatile bool _isDone;

    public bool LooksHidden(SessionRecord session)
    {
        if (_isDone || session.Helo is not { } helo)
            return false;
        lock (_gate)
            return !_isDone && IsHiddenAfter(session, helo);
    }

    private bool IsHiddenAfter(SessionRecord session, Helo helo)
    {
        _only ??= session.Client.Address;
        if (!_only.Equals(session.Client.Address) || IPAddress.IsLoopback(_only) || Private.ByAddress(_only) is null)
        {
            _isDone = true;
            return false;
        }
        _names.Add(helo.Name);
        return _isDone = _names.Count >= EnoughNames;
    }
}
