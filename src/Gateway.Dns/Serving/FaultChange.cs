using System.Diagnostics.CodeAnalysis;

namespace Gateway.Dns;

/// <summary>A name begins to misbehave, or behaves again: <c>NAME [TYPE] WHAT</c>, where WHAT is a fault or <c>none</c>.</summary>
/// <param name="Name">From the root; a first label <c>*</c> means every name below.</param>
/// <param name="Type">Null: whatever type is asked for.</param>
/// <param name="Fault">Null: what was set for exactly this name and type ends.</param>
public sealed record FaultChange(DomainName Name, RecordType? Type, Fault? Fault)
{
    private const string None = "none";

    public static bool TryParse(string text, [NotNullWhen(true)] out FaultChange? change)
    {
        change = null;
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !DomainName.TryParse(words[0], out var name))
            return false;
        var type = words.Length > 2 ? RecordTypes.Parse(words[1]) : null;
        var what = string.Join(' ', words.Skip(type is null ? 1 : 2));
        Fault? fault = null;
        if (!what.Equals(None, StringComparison.OrdinalIgnoreCase) && !Fault.TryParse(what, out fault))
            return false;
        change = new(name, type == RecordType.Any ? null : type, fault);
        return true;
    }

    public void ApplyTo(FaultTable faults)
    {
        if (Fault is null)
            faults.Clear(Name, Type);
        else
            faults.Set(Name, Type, Fault);
    }

    public override string ToString() => $"{Name} {(Type is { } type ? $"{RecordTypes.Write(type)} " : "")}{Fault?.ToString() ?? None}";
}
