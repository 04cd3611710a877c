using System.Globalization;
using System.Runtime.CompilerServices;

namespace IotEvents.Devices.Contracts;

/// <summary>An instant: nanoseconds since 1970-01-01T00:00:00Z, from 1677 to 2262.</summary>
/// <remarks>
/// Nanoseconds because the InfluxDB line protocol counts in them; a coarser clock would fold two of its points into one.
/// <see cref="None"/> means "no time given" and sorts before every instant.
/// </remarks>
/// <param name="Nanoseconds">Nanoseconds since the Unix epoch, without leap seconds.</param>
public readonly record struct Timestamp(long Nanoseconds) : IComparable<Timestamp>
{
    private const long NanosecondsPerTick = 100;
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>No time was given.</summary>
    public static readonly Timestamp None = new(long.MinValue);

    /// <summary>True unless this is <see cref="None"/>.</summary>
    public bool HasValue => Nanoseconds != long.MinValue;

    /// <summary>Whole milliseconds since the Unix epoch, rounded down.</summary>
    public long UnixMilliseconds => Math.DivRem(Nanoseconds, NanosecondsPerMillisecond, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>The instant so many milliseconds after the Unix epoch.</summary>
    /// <exception cref="OverflowException">The instant lies outside 1677 to 2262.</exception>
    public static Timestamp FromUnixMilliseconds(long milliseconds) => new(checked(milliseconds * NanosecondsPerMillisecond));

    /// <summary>The same instant; its offset from UTC is dropped.</summary>
    /// <exception cref="OverflowException">The instant lies outside 1677 to 2262.</exception>
    public static Timestamp From(DateTimeOffset instant) =>
        new(checked((instant.UtcTicks - DateTime.UnixEpoch.Ticks) * NanosecondsPerTick));

    /// <summary>What the clock shows.</summary>
    public static Timestamp Now(TimeProvider clock) => From(clock.GetUtcNow());

    /// <summary>The earlier of two instants; the other when one is <see cref="None"/>.</summary>
    public static Timestamp Earlier(Timestamp left, Timestamp right) =>
        !left.HasValue ? right : !right.HasValue || left.Nanoseconds <= right.Nanoseconds ? left : right;

    /// <summary>The instant moved by a span of time, such as a step of a clock; <see cref="None"/> stays none.</summary>
    public Timestamp MovedBy(TimeSpan by) => HasValue ? this + by : this;

    /// <summary>The instant in UTC, rounded down to 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset()
    {
        var ticks = Math.DivRem(Nanoseconds, NanosecondsPerTick, out var rest) - (rest < 0 ? 1 : 0);
        return new DateTimeOffset(DateTime.UnixEpoch.Ticks + ticks, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public int CompareTo(Timestamp other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>RFC 3339 in UTC with as many decimals as needed (at most seven); <c>-</c> for <see cref="None"/>.</summary>
    public override string ToString() =>
        HasValue ? ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture) : "-";

    /// <summary>The instant after a span of time.</summary>
    public static Timestamp operator +(Timestamp instant, TimeSpan span) => new(instant.Nanoseconds + (span.Ticks * NanosecondsPerTick));

    /// <summary>The instant before a span of time.</summary>
    public static Timestamp operator -(Timestamp instant, TimeSpan span) => new(instant.Nanoseconds - (span.Ticks * NanosecondsPerTick));

    /// <summary>The time between two instants, rounded to 100 ns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TimeSpan operator -(Timestamp later, Timestamp earlier) =>
        new((later.Nanoseconds - earlier.Nanoseconds) / NanosecondsPerTick);

    /// <summary>Earlier.</summary>
    public static bool operator <(Timestamp left, Timestamp right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Later.</summary>
    public static bool operator >(Timestamp left, Timestamp right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Not later.</summary>
    public static bool operator <=(Timestamp left, Timestamp right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(Timestamp left, Timestamp right) => left.Nanoseconds >= right.Nanoseconds;
}
