using System.CommandLine;
using System.CommandLine.Parsing;
using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Cli;

/// <summary>The options of <c>run</c> that have rules judged.</summary>
internal sealed class ScoreOptions
{
    private readonly Option<bool> _score = new("--score")
    {
        Description = "Have rules judged: print their precision, recall and delay against the truth",
    };

    private readonly Option<string?> _rules = new("--rules")
    {
        Description = "The gateway's configuration folder with rules/*.yaml (default: those that come with the scenario)",
    };

    private readonly Option<string?> _gateway = new("--gateway")
    {
        Description = "The gateway's program (default: iotevents beside this one, on the PATH, or built in this checkout)",
    };

    private readonly Option<TimeSpan?> _grace = CommonOptions.Duration(
        "--grace", "How long after an incident an alert still counts, or before it (default 10m)");

    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Adds them to the command, with what they need of each other.</summary>
    public void AddTo(Command command)
    {
        Option[] others = [_rules, _gateway, _grace, _json];
        command.Options.Add(_score);
        foreach (var option in others)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (!IsAsked(result) && others.Any(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError("--rules, --gateway, --grace and --json need --score");
            }
        });
    }

    /// <summary>True when rules shall be judged.</summary>
    public bool IsAsked(CommandResult result) => result.GetValue(_score);

    /// <summary>What the user asks for.</summary>
    public ScoreRequest Request(ParseResult parsed, string? truth)
    {
        var more = new List<string>();
        if (parsed.GetValue(_grace) is { } grace)
        {
            more.AddRange(["--grace", SettingsValues.Format(grace)]);
        }

        if (parsed.GetValue(_json))
        {
            more.Add("--json");
        }

        return new ScoreRequest(parsed.GetValue(_gateway), parsed.GetValue(_rules), truth, more);
    }
}
