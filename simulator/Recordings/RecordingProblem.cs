namespace IotEvents.Simulator.Recordings;

/// <summary>Why a recording cannot be used.</summary>
/// <param name="Message">What is wrong, one sentence without a full stop.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record RecordingProblem(string Message, string Mend)
{
    /// <summary>Both in one line.</summary>
    public override string ToString() => $"{Message}; {Mend}";
}
