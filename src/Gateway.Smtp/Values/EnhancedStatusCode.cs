namespace Gateway.Smtp;

/// <summary>The class.subject.detail triple of RFC 3463.</summary>
public readonly record struct EnhancedStatusCode(int Class, int Subject, int Detail)
{
    public override string ToString() => $"{Class}.{Subject}.{Detail}";
}
