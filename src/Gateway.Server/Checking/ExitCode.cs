namespace Gateway.Server.Checking;

/// <summary>What the program tells the shell; the last two are those of sysexits.h.</summary>
internal static class ExitCode
{
    public const int Fine = 0;
    public const int No = 1;
    public const int CouldNotSay = 2;
    public const int WrongUse = 64;
    public const int WrongConfiguration = 78;
}
