namespace Gateway.Smtp;

/// <summary>The commands of RFC 5321 §4.1.1, RFC 3030 §2, RFC 3207 §4 and RFC 4954 §4, and Postfix's XCLIENT.</summary>
public enum Verb
{
    Unknown,
    Helo,
    Ehlo,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Vrfy,
    Expn,
    Help,
    Quit,
    StartTls,
    Auth,
    Xclient,
}
