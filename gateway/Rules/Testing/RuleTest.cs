using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>One test: what devices send over some minutes, and what must come of it.</summary>
internal sealed record RuleTest
{
    /// <summary>Unique in its file.</summary>
    public required string Name { get; init; }

    /// <summary>The file it stands in.</summary>
    public required string File { get; init; }

    /// <summary>The line it begins at.</summary>
    public required int Line { get; init; }

    /// <summary>When it begins.</summary>
    public required Timestamp Start { get; init; }

    /// <summary>How long it runs. What would happen later is not looked at.</summary>
    public required TimeSpan End { get; init; }

    /// <summary>What devices send.</summary>
    public required IReadOnlyList<TestSeries> Series { get; init; }

    /// <summary>Overrides that are set and cleared meanwhile, in the order of their times.</summary>
    public IReadOnlyList<TestOverride> Overrides { get; init; } = [];

    /// <summary>Patterns of the rules that are looked at. Default all.</summary>
    public IReadOnlyList<string> Only { get; init; } = ["*"];

    /// <summary>Every alert that must be raised or end; null when the test does not say, and anything may.</summary>
    public IReadOnlyList<ExpectedAlert>? Alerts { get; init; }

    /// <summary>Where rules must stand at some times, in the order of the times.</summary>
    public IReadOnlyList<ExpectedState> States { get; init; } = [];

    /// <summary>Patterns of rules that must not fire.</summary>
    public IReadOnlyList<string> Never { get; init; } = [];

    /// <summary>True when this test looks at the rule.</summary>
    public bool LooksAt(string rule) => Only.Any(pattern => Glob.Matches(pattern, rule));
}

/// <summary>What one metric of one device sends in a test.</summary>
/// <param name="Device">The device's id.</param>
/// <param name="Metric">The metric's name.</param>
/// <param name="Unit">The unit the values are sent with; <see cref="Unit.None"/> when they are sent without.</param>
/// <param name="Readings">What is sent, in the order it is measured.</param>
internal sealed record TestSeries(string Device, string Metric, Unit Unit, IReadOnlyList<TestReading> Readings)
{
    /// <summary><c>DEVICE/METRIC</c>.</summary>
    public string Name => $"{Device}/{Metric}";
}

/// <summary>One value that is sent.</summary>
/// <param name="At">When it is measured, since the start of the test.</param>
/// <param name="Late">How much later it is received.</param>
/// <param name="Value">The value in the unit of its <see cref="TestSeries"/>.</param>
/// <param name="Quality">What is known against it as it is sent.</param>
internal readonly record struct TestReading(TimeSpan At, TimeSpan Late, double Value, Quality Quality);
