namespace IotEvents.Simulator.Recordings;

/// <summary>How to read a recording; what is not said is found out from the file's first rows.</summary>
public sealed record CsvRecordingOptions
{
    /// <summary>The column of the times, by name or by place from 1; null finds it, also when date and time are apart.</summary>
    public string? TimeColumn { get; init; }

    /// <summary>The columns of the values, by name or by place from 1; none takes all that hold numbers.</summary>
    public IReadOnlyList<string> ValueColumns { get; init; } = [];

    /// <summary>What else stands for a missing value, such as <c>-200</c>. Always: nothing, NA, N/A, NaN, null, -, ?.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The zone of times that do not name theirs. Default UTC.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>What stands between fields; null finds it among comma, semicolon, tab and bar.</summary>
    public char? Separator { get; init; }

    /// <summary>True when 1,5 is one and a half; null finds it.</summary>
    public bool? DecimalComma { get; init; }
}
