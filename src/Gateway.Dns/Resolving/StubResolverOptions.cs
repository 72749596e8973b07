using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Gateway.Dns;

public sealed class StubResolverOptions
{
    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; set; } = [];

    /// <summary>For one question with all its aliases, servers and repetitions, and the wait for a free socket.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long one server is waited for; doubles when all were silent.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A chain of more aliases than this is no answer.</summary>
    [Range(1, 64)]
    public int MaxAliases { get; set; } = 16;

    /// <summary>The largest answer asked for by UDP; the default fits the least MTU of IPv6, so nothing is cut into fragments (RFC 9715 §3).</summary>
    [Range(512, 4096)]
    public ushort EdnsPayloadSize { get; set; } = 1232;

    /// <summary>Questions under way at once, each with one socket; <see cref="MaxSlow"/> come to it.</summary>
    [Range(1, 60000)]
    public int MaxConcurrent { get; set; } = 2000;

    /// <summary>
    /// How long a question counts among <see cref="MaxConcurrent"/>. Resolvers answer most from memory, and nearly all others
    /// within this; it bounds what a place costs when nobody answers.
    /// </summary>
    public TimeSpan QuickTime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Questions that take longer. When there are more, the oldest of them ends as if its deadline had come.</summary>
    [Range(1, 60000)]
    public int MaxSlow { get; set; } = 4000;

    /// <summary>How long a silent server is asked last; doubles up to sixteen times this.</summary>
    public TimeSpan SilenceMemory { get; set; } = TimeSpan.FromSeconds(30);
}
