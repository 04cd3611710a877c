namespace IotEvents.Simulator.Signals;

/// <summary>Every kind of signal; a new kind is a new file and one line here.</summary>
public static class SignalKinds
{
    /// <summary>The kinds in the order the documentation lists them.</summary>
    public static IReadOnlyList<SignalKind> All { get; } =
    [
        new("constant", ConstantSignal.Read),
        new("sine", SineSignal.Read),
        new("ramp", RampSignal.Read),
        new("sawtooth", SawtoothSignal.Read),
        new("random-walk", RandomWalkSignal.Read),
        new("steps", StepsSignal.Read),
        new("curve", CurveSignal.Read),
        new("recording", RecordingSignal.Read),
    ];
}
