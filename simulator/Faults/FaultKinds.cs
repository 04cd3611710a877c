namespace IotEvents.Simulator.Faults;

/// <summary>Every kind of fault; a new kind is a new file and one line here.</summary>
public static class FaultKinds
{
    /// <summary>The kinds in the order the documentation lists them.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new("dropout", target => new DropoutFault(target)),
        new("unplug", target => new UnplugFault(target)),
        new("stuck", target => new StuckFault(target)),
        new("spike", SpikeFault.Read),
        new("drift", DriftFault.Read),
        new("nan", target => new NanFault(target)),
        new("garbage", GarbageFault.Read),
        new("duplicate", DuplicateFault.Read),
        new("reorder", target => new ReorderFault(target)),
        new("clock-skew", ClockSkewFault.Read),
    ];
}
