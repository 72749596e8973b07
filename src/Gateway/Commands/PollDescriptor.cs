using System.Runtime.InteropServices;

namespace Gateway.Commands;

/// <summary>The struct pollfd of POSIX, and the calls that use it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    public const short Readable = 0x1;

    private const short Failed = 0x8;
    private const short HungUp = 0x10;

    public int Descriptor;
    public short Events;
    public short Occurred;

    /// <summary>Whether one of the events has occurred.</summary>
    public static bool Occurs(int descriptor, short events) => Ask(descriptor, events) != 0;

    /// <summary>Whether the reader of this pipe is gone: Linux reports POLLERR, other systems POLLHUP.</summary>
    public static bool IsUnheard(int descriptor) => (Ask(descriptor, 0) & (Failed | HungUp)) != 0;

    private static short Ask(int descriptor, short events)
    {
        var asked = new PollDescriptor { Descriptor = descriptor, Events = events };
        return Poll(ref asked, 1, 0) > 0 ? asked.Occurred : (short)0;
    }

    [DllImport("libc", EntryPoint = "poll")]
    private static extern int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);
}
