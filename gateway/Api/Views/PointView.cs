using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Api.Views;

/// <summary>One stored point.</summary>
/// <param name="Time">When it was measured.</param>
/// <param name="Value">In the unit of its series.</param>
public readonly record struct PointView(Timestamp Time, double Value);

/// <summary>The points of one step, rolled up.</summary>
/// <param name="Start">When the step begins.</param>
/// <param name="Mean">The mean of its points.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Count">How many; never 0.</param>
public readonly record struct BucketView(Timestamp Start, double Mean, double Min, double Max, long Count);
