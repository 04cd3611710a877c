using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Finds which alert that happened is which that was expected.</summary>
/// <remarks>
/// As many as possible are paired: an expectation that leaves much open steps back where another one fits nowhere else
/// (augmenting paths of a bipartite matching, H. W. Kuhn 1955).
/// </remarks>
internal sealed class AlertMatching
{
    private readonly IReadOnlyList<ExpectedAlert> _expected;
    private readonly IReadOnlyList<Transition> _happened;
    private readonly Timestamp _start;
    private readonly int[] _expectedOf;
    private readonly bool[] _isAsked;

    private AlertMatching(IReadOnlyList<ExpectedAlert> expected, IReadOnlyList<Transition> happened, Timestamp start)
    {
        _expected = expected;
        _happened = happened;
        _start = start;
        _expectedOf = new int[happened.Count];
        _isAsked = new bool[happened.Count];
        Array.Fill(_expectedOf, -1);
    }

    /// <summary>For each that happened the place of the expectation it fits; -1 where there is none.</summary>
    /// <param name="expected">What was expected.</param>
    /// <param name="happened">What happened, in the order of event time.</param>
    /// <param name="start">When the test begins.</param>
    public static int[] Match(IReadOnlyList<ExpectedAlert> expected, IReadOnlyList<Transition> happened, Timestamp start)
    {
        var matching = new AlertMatching(expected, happened, start);
        for (var i = 0; i < expected.Count; i++)
        {
            Array.Clear(matching._isAsked);
            matching.Place(i);
        }

        return matching._expectedOf;
    }

    private bool Place(int expected)
    {
        var first = FirstNotBefore(_start + _expected[expected].At - _expected[expected].Within);
        var last = _start + _expected[expected].At + _expected[expected].Within;
        for (var i = first; i < _happened.Count && _happened[i].Time <= last; i++)
        {
            if (_isAsked[i] || AlertWords.Differences(_expected[expected], _happened[i], _start).Any())
            {
                continue;
            }

            _isAsked[i] = true;
            if (_expectedOf[i] < 0 || Place(_expectedOf[i]))
            {
                _expectedOf[i] = expected;
                return true;
            }
        }

        return false;
    }

    private int FirstNotBefore(Timestamp time)
    {
        int low = 0, high = _happened.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _happened[middle].Time < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
