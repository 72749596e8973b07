using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Gateway.Dns;

/// <summary>A name begins to misbehave, or behaves again: <c>NAME [TYPE] WHAT</c>, where WHAT is a fault or <c>none</c>.</summary>
/// <param name="Name">From the root; a first label <c>*</c> means every name below.</param>
/// <param name="Type">Null: whatever type is asked for.</param>
/// <param name="Fault">Null: what was set for exactly this name and type ends.</param>
public sealed record FaultChange(DomainName Name, RecordType? Type, Fault? Fault)
{
    private const string None = "none";
    private const string Allowed = $"{Fault.Allowed}, {None}";

    public static bool TryParse(string text, [NotNullWhen(true)] out FaultChange? change) => TryParse(text, out change, out _);

    /// <param name="text">The name, or an address for its reverse name; perhaps a type; what happens.</param>
    /// <param name="change">Null when it is none.</param>
    /// <param name="problem">The word that is wrong, and what may stand there.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out FaultChange? change, [NotNullWhen(false)] out string? problem)
    {
        change = null;
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || NameOf(words[0]) is not { } name)
        {
            problem = $"{(words.Length == 0 ? "the name is missing" : $"\"{words[0]}\" is not a name")}: use one such as mail.source.com or *.source.com, or an address";
            return false;
        }
        var type = words.Length > 1 ? RecordTypes.Parse(words[1]) : null;
        var what = words[(type is null ? 1 : 2)..];
        var allowed = type is null ? $"a type of record, {Allowed}" : Allowed;
        Fault? fault = null;
        problem = what switch
        {
            [] => $"the fault is missing after \"{words[^1]}\": use {allowed}",
            [var none] when IsNone(none) => null,
            [var none, var more, ..] when IsNone(none) => $"\"{more}\": nothing may follow {None}",
            [var first, ..] when !Fault.IsWord(first) => $"\"{first}\" is not a fault: use {allowed}",
            [var first, .., var last] when IsNone(last) => $"\"{last}\": {first} is given already",
            _ => Fault.TryParse(string.Join(' ', what), out fault, out var wrong) ? null : wrong,
        };
        if (problem is not null)
            return false;
        change = new(name, type == RecordType.Any ? null : type, fault);
        return true;
    }

    // Who thinks of a client thinks of its address. No top-level domain is a number (RFC 3696 §2): that is an address gone wrong.
    private static DomainName? NameOf(string word) =>
        word.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(word, out var address) ? ReverseName.Of(address)
        : word.TrimEnd('.').Split('.')[^1] is { Length: > 0 } top && top.All(char.IsAsciiDigit) ? null
        : DomainName.TryParse(word, out var name) ? name : null;

    private static bool IsNone(string word) => word.Equals(None, StringComparison.OrdinalIgnoreCase);

    public void ApplyTo(FaultTable faults)
    {
        if (Fault is null)
            faults.Clear(Name, Type);
        else
            faults.Set(Name, Type, Fault);
    }

    public override string ToString() => $"{Name} {(Type is { } type ? $"{RecordTypes.Write(type)} " : "")}{Fault?.ToString() ?? None}";
}
