using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Speed;

/// <summary>What measures the whole process: no other test runs meanwhile.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
