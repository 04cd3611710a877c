namespace IotEvents.Simulator.Links;

/// <summary>How long to wait before trying a connection again: 50 ms, doubling to 2 s. Short, because a tester watches.</summary>
internal sealed class ReconnectPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private TimeSpan _next = First;

    public TimeSpan Next()
    {
        var pause = _next;
        _next = pause * 2 < Longest ? pause * 2 : Longest;
        return pause;
    }

    public void Reset() => _next = First;
}
