namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What the names in an expression stand for.</summary>
internal interface IScope
{
    /// <summary>The unit of <c>value</c>.</summary>
    Measure Value { get; }

    /// <summary>The series that <c>value</c> is of; <see cref="Never"/> in a rule about devices or groups, and while rules are read.</summary>
    ISeriesView Own { get; }

    /// <summary>What one judging may cost.</summary>
    StepBudget Steps { get; }

    /// <summary>An attribute of the device, or else the latest value of another metric of it.</summary>
    Named Find(string name);

    /// <summary>The latest value of a metric of a device; of the same one when null.</summary>
    Named Find(string? device, string metric);

    /// <summary>A metric of a device for functions that look back; of the same device when null.</summary>
    SeriesRef FindSeries(string? device, string metric);

    /// <summary>A label of the device; null when it has none of that name.</summary>
    string? Label(string name);

    /// <summary>The series of a group.</summary>
    IMembers Members(MemberSelector selector);
}

/// <summary>What a name stands for.</summary>
/// <param name="Node">Its number.</param>
/// <param name="Measure">The unit of it.</param>
internal sealed record Named(NumberNode Node, Measure Measure)
{
    /// <summary>What an explanation says behind its value; empty for nothing.</summary>
    public string Note { get; init; } = "";
}

/// <summary>Something in a condition that changes by itself as time passes, such as <c>absent(10m)</c>.</summary>
internal interface ITimed
{
    /// <summary>The earliest event time after <paramref name="frame"/>'s at which it may change without a reading; none when it will not.</summary>
    Devices.Contracts.Timestamp NextChange(in Frame frame);
}
