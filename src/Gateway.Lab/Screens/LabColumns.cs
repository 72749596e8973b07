using System.Globalization;
using Gateway.Lab.Hosting;

namespace Gateway.Lab.Screens;

/// <summary>Arranges entries in as many columns as fit the width. Each column is as wide as its widest entry, and is read downwards.</summary>
internal static class LabColumns
{
    private const int Gap = 3;

    public static IEnumerable<string> Lay(IReadOnlyList<string> entries, int width)
    {
        for (var columns = entries.Count; columns > 1; columns--)
        {
            var rows = (entries.Count + columns - 1) / columns;
            var widths = entries.Chunk(rows).Select(static column => column.Max(static entry => entry.Length)).ToList();
            if (widths.Sum() + (Gap * (widths.Count - 1)) <= width)
                return Enumerable.Range(0, rows).Select(row => Row(entries, row, rows, widths));
        }
        return entries;
    }

    private static string Row(IReadOnlyList<string> entries, int row, int rows, List<int> widths) => string.Join(
        new string(' ', Gap),
        widths.Select((width, column) => (column * rows) + row is var at && at < entries.Count ? entries[at].PadRight(width) : "")).TrimEnd();

    public static IReadOnlyList<string> Entries(IEnumerable<LabListener> listeners) =>
        [.. listeners.Select(listener => string.Create(CultureInfo.InvariantCulture, $"{listener.Endpoint.Port} {listener.Profile}"))];
}
