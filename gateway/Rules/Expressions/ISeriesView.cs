using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Windows;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>A series as conditions look at it: what was judged of it so far.</summary>
internal interface ISeriesView
{
    /// <summary>The latest usable value, in the unit of the series; not a number before the first.</summary>
    double Latest { get; }

    /// <summary>The usable value before it; not a number when there is none.</summary>
    double Previous { get; }

    /// <summary>When the latest usable reading was measured; none before the first.</summary>
    Timestamp Time { get; }

    /// <summary>How much of the time since then the gateway could hear nobody.</summary>
    TimeSpan Unheard { get; }

    /// <summary>Grows with every usable reading: as long as it stays, nothing of the series has changed.</summary>
    long Version { get; }

    /// <summary>The readings with <paramref name="after"/> &lt; time &lt;= <paramref name="upTo"/>, as far back as was asked to <see cref="Keep"/>.</summary>
    PointSpan Between(Timestamp after, Timestamp upTo);

    /// <summary>Asks that readings be kept for so long. Called while a condition is bound.</summary>
    void Keep(TimeSpan span);
}

/// <summary>A series that has not appeared.</summary>
internal sealed class Never : ISeriesView
{
    /// <summary>The only one.</summary>
    public static readonly Never Instance = new();

    /// <inheritdoc/>
    public double Latest => double.NaN;

    /// <inheritdoc/>
    public double Previous => double.NaN;

    /// <inheritdoc/>
    public Timestamp Time => Timestamp.None;

    /// <inheritdoc/>
    public TimeSpan Unheard => TimeSpan.Zero;

    /// <inheritdoc/>
    public long Version => 0;

    /// <inheritdoc/>
    public PointSpan Between(Timestamp after, Timestamp upTo) => default;

    /// <inheritdoc/>
    public void Keep(TimeSpan span)
    {
    }
}

/// <summary>A series with its unit.</summary>
/// <param name="View">What was judged of it; <see cref="Never"/> when it has not appeared.</param>
/// <param name="Measure">The unit; open when it has not appeared.</param>
internal readonly record struct SeriesRef(ISeriesView View, Measure Measure);

/// <summary>Names the series that a group is made of.</summary>
/// <param name="Device">A pattern for the device's id; null for the series that the rule itself matches (<c>members</c>).</param>
/// <param name="Metric">The metric's name or a pattern; empty for <c>members</c>.</param>
internal sealed record MemberSelector(string? Device, string Metric);

/// <summary>The series of a group. Series that appear later are added at the end.</summary>
internal interface IMembers
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>The member's series.</summary>
    Series Series(int index);

    /// <summary>What was judged of it.</summary>
    ISeriesView View(int index);

    /// <summary>What names mean for this member: <c>value</c> is its value, an attribute is its device's.</summary>
    IScope Scope(int index);
}

/// <summary>What judging may cost: a rule that takes more steps is set aside, so that the others go on.</summary>
internal sealed class StepBudget(int max)
{
    private int _left;

    /// <summary>Begins the next judging.</summary>
    public void Refill() => _left = max;

    /// <summary>Takes so many steps; one for each reading or member looked at.</summary>
    /// <exception cref="StepBudgetException">There are none left.</exception>
    public void Take(int steps)
    {
        _left -= steps;
        if (_left < 0)
        {
            throw new StepBudgetException(max);
        }
    }
}

/// <summary>A rule took more steps for one judging than it may.</summary>
internal sealed class StepBudgetException(int max)
    : Exception($"it looked at more than {max} readings for one verdict; shorten its windows or its group");
