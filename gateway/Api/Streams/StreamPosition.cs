using System.Globalization;

namespace IotEvents.Gateway.Api.Streams;

/// <summary>A place in the stream of events: the next event to send.</summary>
/// <param name="Offset">The batch in the journal.</param>
/// <param name="Index">The place in the batch: its readings first, then its events.</param>
public readonly record struct StreamPosition(long Offset, int Index)
{
    /// <summary>The id a client sends back to go on after this event.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Offset}-{Index}");

    /// <summary>Reads the <c>Last-Event-ID</c> of the last event a client has, and gives the place after it.</summary>
    public static bool TryParseAfter(string text, out StreamPosition position)
    {
        position = default;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 ||
            !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ||
            !int.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ||
            index == int.MaxValue)
        {
            return false;
        }

        position = new StreamPosition(offset, index + 1);
        return true;
    }
}
