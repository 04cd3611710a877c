using BenchmarkDotNet.Running;
using IotEvents.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(ChunkCodecBenchmarks).Assembly).Run(args);
return 0;
