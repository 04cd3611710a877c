using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <content>What asks the rules something, or changes them, between two readings.</content>
public sealed partial class EventPipeline
{
    /// <summary>Puts the rooms' own state back from the journal. Once, before <see cref="Run"/>.</summary>
    /// <param name="rules">The rules to go on with, when they are not those that were in force; null when they are.</param>
    /// <returns>What became of what pended or fired.</returns>
    public RuleReceipt Restore(RuleChange? rules = null)
    {
        var now = Timestamp.Now(_clock);
        _devices.Restore(State(StateRooms.Devices), now);
        _alerts.Restore(State(StateRooms.Alerts), State(StateRooms.Digest));
        _outbox.Restore(State(StateRooms.Outbox));
        _inbox.Restore(_journal.ReadState(StateRooms.Once).Select(entry => entry.Key));
        var receipt = _checkpoints.Restore(now, _open.Rules);
        _outages.Start(now, _open);
        if (rules is null || RuleFiles.AreSame(rules.Files, RuleFiles.Read(_journal)))
        {
            // What the checkpoint says was true before the log behind it.
            receipt = receipt.Lines.All(line => line.Fate == RuleFate.Kept) ? _rules.Standing : receipt;
        }
        else
        {
            receipt = Put(rules, now, _open.Rules);
            _open.Events.Add(RuleEvents.Changed(rules, receipt, "start", now));
        }

        _open.Rules.Transitions.AddRange(_alerts.Orphans(_rules.Firing, _catalog, now));
        return receipt;
    }

    /// <summary>Puts other rules in force between two readings; completes after the commit, which holds the event of it too.</summary>
    /// <param name="change">The rules, checked.</param>
    /// <param name="by">Who wanted it, for the event.</param>
    /// <returns>What became of what pended or fired.</returns>
    public Task<RuleReceipt> ReloadAsync(RuleChange change, string by) => RunAsync(new RuleCommand<RuleReceipt>(
        changes: true,
        (_, now, outcome) =>
        {
            var receipt = Put(change, now, outcome);
            _open.Events.Add(RuleEvents.Changed(change, receipt, by, now));
            return receipt;
        }));

    /// <summary>Asks the rules something, between two readings.</summary>
    public Task<T> AskAsync<T>(Func<RuleEngine, T> question) =>
        RunAsync(new RuleCommand<T>(changes: false, (rules, _, _) => question(rules)));

    /// <summary>Changes something about the rules between two readings; completes after the commit, which holds the change.</summary>
    public Task<T> ChangeAsync<T>(Func<RuleEngine, Timestamp, RuleOutcome, T> change) => RunAsync(new RuleCommand<T>(changes: true, change));

    private RuleReceipt Put(RuleChange change, Timestamp now, RuleOutcome outcome)
    {
        var receipt = _rules.Reload(change.Rules, change.Devices, now, outcome);
        _open.RuleFiles = change.Files;
        _inForce.Put(change);
        return receipt;
    }

    private Task<T> RunAsync<T>(RuleCommand<T> command)
    {
        _commands.Add(command);
        _inbox.Nudge();
        return command.Result;
    }

    private void RunCommands(Timestamp now)
    {
        foreach (var command in _commands.Take())
        {
            command.Run(_rules, now, _open.Rules);
            if (command.Changes)
            {
                _open.Commands.Add(command);
                _checkpoints.Want();
                _policy.Urge();
            }
            else
            {
                command.Answer(failure: null);
            }
        }
    }

    private IEnumerable<KeyValuePair<byte[], byte[]>> State(string room) =>
        _journal.ReadState(room).Select(entry => new KeyValuePair<byte[], byte[]>(entry.Key, entry.Value));
}
