using BenchmarkDotNet.Running;
using IotEvents.Benchmarks;
using IotEvents.Benchmarks.Rules;

if (args is ["fleet"])
{
    return FleetProgram.Run();
}

BenchmarkSwitcher.FromAssembly(typeof(ChunkCodecBenchmarks).Assembly).Run(args);
return 0;
