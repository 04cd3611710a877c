using IotEvents.Simulator.Cli;

return await SimulatorCommand.RunAsync(args, Console.Out, Console.Error, TimeProvider.System, CancellationToken.None);
