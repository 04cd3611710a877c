using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.Streams;

/// <summary>Learns how often each series speaks, so that silence can be told from a slow sensor.</summary>
/// <remarks>Written by the thread that publishes batches; read by any. Only fresh readings teach.</remarks>
public sealed class Cadence
{
    private const Quality NotFresh = Quality.Retained | Quality.PossibleDuplicate;

    /// <summary>A pause counts for a quarter of what is known: four readings make a habit, one outage does not.</summary>
    private const double Weight = 0.25;

    private Habit[] _habits = new Habit[64];

    /// <summary>The pause after which a series is silent when its habit is not known.</summary>
    public static readonly TimeSpan Unknown = TimeSpan.FromMinutes(15);

    /// <summary>The shortest pause that counts as silence.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    /// <summary>Learns from a batch.</summary>
    public void Learn(ReadOnlySpan<Reading> readings)
    {
        foreach (ref readonly var reading in readings)
        {
            if ((reading.Quality & NotFresh) == 0)
            {
                Learn(reading.Series, reading.ReceivedAt);
            }
        }
    }

    /// <summary>The pause after which the series is silent: three times its usual one, at least 10 s; null when not known.</summary>
    public TimeSpan? SilentAfter(int series)
    {
        var habits = Volatile.Read(ref _habits);
        if (series >= habits.Length || habits[series].Pauses < 2)
        {
            return null;
        }

        var silent = TimeSpan.FromSeconds(Volatile.Read(ref habits[series].Seconds) * 3);
        return silent < Shortest ? Shortest : silent;
    }

    /// <summary>The gateway's clock was set: the pause across it teaches nothing.</summary>
    public void ClockStepped()
    {
        foreach (ref var habit in _habits.AsSpan())
        {
            habit.Last = Timestamp.None;
        }
    }

    /// <summary>True once the series has spoken since the start; a retained value is no speaking.</summary>
    public bool HasSpoken(int series)
    {
        var habits = Volatile.Read(ref _habits);
        return series < habits.Length && Volatile.Read(ref habits[series].Seen);
    }

    private void Learn(int series, Timestamp at)
    {
        if (series >= _habits.Length)
        {
            var grown = new Habit[Math.Max(series + 1, _habits.Length * 2)];
            _habits.CopyTo(grown, 0);
            Volatile.Write(ref _habits, grown);
        }

        ref var habit = ref _habits[series];
        if (habit.Seen && habit.Last.HasValue && at > habit.Last)
        {
            var pause = (at - habit.Last).TotalSeconds;
            var seconds = habit.Pauses == 0 ? pause : habit.Seconds + (Weight * (pause - habit.Seconds));
            Volatile.Write(ref habit.Seconds, seconds);
            habit.Pauses = Math.Min(habit.Pauses + 1, 100);
        }

        if (!habit.Seen || at > habit.Last)
        {
            habit.Last = at;
            Volatile.Write(ref habit.Seen, true);
        }
    }

    private struct Habit
    {
        public Timestamp Last;
        public double Seconds;
        public int Pauses;
        public bool Seen;
    }
}
