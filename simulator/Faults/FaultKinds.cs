namespace IotEvents.Simulator.Faults;

/// <summary>Every kind of fault; a new kind is a new file and one line here.</summary>
public static class FaultKinds
{
    /// <summary>The kinds in the order the documentation lists them.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new("dropout", DropoutFault.Read),
        new("unplug", UnplugFault.Read),
        new("stuck", StuckFault.Read),
        new("spike", SpikeFault.Read),
        new("drift", DriftFault.Read),
        new("nan", NanFault.Read),
        new("garbage", GarbageFault.Read),
        new("duplicate", DuplicateFault.Read),
        new("reorder", ReorderFault.Read),
        new("clock-skew", ClockSkewFault.Read),
    ];
}
