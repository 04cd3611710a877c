namespace IotEvents.Devices.Mqtt;

/// <summary>How long to wait before the next attempt to connect: twice as long each time, at most 30 s, with chance in it.</summary>
/// <remarks>Half of the pause is chance, so that a thousand gateways do not all come back in the same second.</remarks>
internal sealed class ReconnectDelay
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(30);

    private readonly Random _random;
    private TimeSpan _next = First;

    /// <summary>Makes a delay that begins with half a second at most.</summary>
    public ReconnectDelay(Random random) => _random = random;

    /// <summary>The pause before the next attempt: between half of its step and all of it.</summary>
    public TimeSpan Next()
    {
        var step = _next;
        _next = step * 2 < Max ? step * 2 : Max;
        return step * (0.5 + (_random.NextDouble() / 2));
    }

    /// <summary>An attempt has succeeded: begin anew.</summary>
    public void Reset() => _next = First;
}
