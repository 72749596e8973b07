namespace Gateway.Policy.Profiles;

/// <summary>What kind of receiver a profile stands for, so that a verdict about "the receivers of today" counts only these.</summary>
public enum ProfileGroup
{
    /// <summary>A policy of our own, or of whoever wrote the file.</summary>
    Own,

    /// <summary>One receiver on the Internet, such as Gmail.</summary>
    Receiver,

    /// <summary>A mail server with a setting, such as Postfix with <c>reject_unknown_client_hostname</c>: anybody may run it.</summary>
    Software,
}
