using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Speed;

/// <summary>What measures the whole process: no other test runs meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
