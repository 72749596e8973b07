namespace Gateway.Smtp;

/// <summary>Where a session stands (RFC 5321 §4.1.4): computed from what it has, never stored.</summary>
[Flags]
internal enum Phase
{
    /// <summary>The greeting was 554 (§3.1).</summary>
    Refused = 1,

    /// <summary>No HELO yet.</summary>
    Start = 2,

    /// <summary>No transaction.</summary>
    Ready = 4,

    /// <summary>A sender, and no recipient.</summary>
    Mail = 8,

    /// <summary>A sender and recipients.</summary>
    Recipients = 16,

    /// <summary>Some of the message has come by BDAT (RFC 3030).</summary>
    Chunks = 32,

    /// <summary>Where XCLIENT may stand: its document forbids it within a transaction only.</summary>
    BetweenTransactions = Refused | Start | Ready,

    Transaction = Mail | Recipients | Chunks,
    Served = Start | Ready | Transaction,
    Any = Refused | Served,
}
