using System.Text.Json;
using System.Text.Json.Serialization;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Rules.Explaining;

namespace IotEvents.Gateway.Api;

/// <summary>How answers are written as JSON: generated at build, so that the native binary needs no reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<DeviceView>))]
[JsonSerializable(typeof(IReadOnlyList<SeriesView>))]
[JsonSerializable(typeof(IReadOnlyList<AlertView>))]
[JsonSerializable(typeof(IReadOnlyList<RuleView>))]
[JsonSerializable(typeof(IReadOnlyList<RuleInstanceView>))]
[JsonSerializable(typeof(IReadOnlyList<CadenceView>))]
[JsonSerializable(typeof(IReadOnlyList<RuleExplanation>))]
[JsonSerializable(typeof(ReloadView))]
[JsonSerializable(typeof(ReceiptView))]
[JsonSerializable(typeof(SettingsProblemView))]
[JsonSerializable(typeof(RuleFilesView))]
[JsonSerializable(typeof(CheckView))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(PlanLineView))]
[JsonSerializable(typeof(IReadOnlyList<OverrideView>))]
[JsonSerializable(typeof(OverrideRequest))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(ReadyView))]
[JsonSerializable(typeof(AcceptedView))]
[JsonSerializable(typeof(Sparklines))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>The answer of <c>/health</c>, in the words InfluxDB clients look for.</summary>
internal sealed record HealthView(string Name, string Message, string Status, string Version);

/// <summary>The answer of <c>/healthz/*</c>.</summary>
internal sealed record ReadyView(string Status, IReadOnlyList<TroubleView> Troubles);

/// <summary>The answer of <c>POST /api/events</c>: how many events are stored.</summary>
internal sealed record AcceptedView(int Accepted);

/// <summary>The last hour of several series as means by step; null where nothing was measured.</summary>
internal sealed record Sparklines(long From, long Step, IReadOnlyDictionary<string, double?[]> Series);
