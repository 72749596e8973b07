using System.Security.Cryptography;
using System.Text;

namespace Gateway.Smtp;

/// <summary>
/// What a client said in AUTH (RFC 4954). No record, so that nothing prints the password by accident; the engine wipes it as
/// soon as the handler has answered.
/// </summary>
/// <param name="mechanism">In upper case.</param>
/// <param name="userName">1 to 255 octets of UTF-8 without control characters; hostile otherwise.</param>
/// <param name="password">Octets of UTF-8 without control characters. Taken over: wiped by <see cref="Clear"/>.</param>
public sealed class PresentedCredentials(string mechanism, string userName, byte[] password)
{
    public string UserName => userName;

    /// <summary>Not to be kept: it is gone when the handler has answered.</summary>
    public ReadOnlySpan<byte> Password => password;

    /// <summary>Whether they are these, for who has them at hand.</summary>
    public bool Match(SmtpCredentials expected) =>
        userName == expected.UserName && CryptographicOperations.FixedTimeEquals(password, Encoding.UTF8.GetBytes(expected.Password));

    public void Clear() => CryptographicOperations.ZeroMemory(password);

    public override string ToString() => $"{mechanism} {userName}";
}
