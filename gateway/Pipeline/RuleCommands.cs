using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>What other rooms ask of the rules, who live on the journal's thread. Bounded: who would exceed the limit is refused.</summary>
internal sealed class RuleCommands
{
    private const int WaitingMax = 1_000;

    private readonly Lock _gate = new();
    private readonly List<RuleCommand> _waiting = [];
    private bool _isClosed;

    /// <summary>Queues a question or a change.</summary>
    /// <exception cref="InvalidOperationException">Too many wait, or the gateway has stopped.</exception>
    public void Add(RuleCommand command)
    {
        lock (_gate)
        {
            if (_isClosed || _waiting.Count >= WaitingMax)
            {
                throw new InvalidOperationException(_isClosed ? "The gateway has stopped." : "Too many questions wait for the rules; ask again.");
            }

            _waiting.Add(command);
        }
    }

    /// <summary>Takes all that waits.</summary>
    public List<RuleCommand> Take()
    {
        lock (_gate)
        {
            List<RuleCommand> taken = [.. _waiting];
            _waiting.Clear();
            return taken;
        }
    }

    /// <summary>Refuses everything from now on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }
}

/// <summary>A question to the rules, or a change of them.</summary>
internal abstract class RuleCommand
{
    /// <summary>True when it changes something: then it is answered after the commit, and the commit carries a checkpoint.</summary>
    public abstract bool Changes { get; }

    /// <summary>Does it, on the journal's thread.</summary>
    public abstract void Run(RuleEngine rules, Timestamp now, RuleOutcome outcome);

    /// <summary>Answers who asked.</summary>
    /// <param name="failure">Why it was not stored; null when it was.</param>
    public abstract void Answer(Exception? failure);
}

/// <summary>A question or change with an answer.</summary>
internal sealed class RuleCommand<T>(bool changes, Func<RuleEngine, Timestamp, RuleOutcome, T> run) : RuleCommand
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _failure;

    /// <summary>The answer.</summary>
    public Task<T> Result => _answer.Task;

    /// <inheritdoc/>
    public override bool Changes => changes;

    /// <inheritdoc/>
    [SuppressMessage("Design", "CA1031", Justification = "Border: what a question throws is its answer; the journal's thread goes on.")]
    public override void Run(RuleEngine rules, Timestamp now, RuleOutcome outcome)
    {
        try
        {
            _result = run(rules, now, outcome);
        }
        catch (Exception error)
        {
            _failure = error;
        }
    }

    /// <inheritdoc/>
    public override void Answer(Exception? failure)
    {
        if ((_failure ?? failure) is { } error)
        {
            _answer.TrySetException(error);
        }
        else
        {
            _answer.TrySetResult(_result!);
        }
    }
}
