using IotEvents.Gateway.Cli;

// A reading that arrives alone is handled on the thread that saw it arrive: hand-overs between threads cost six times the
// work itself (docs/decisions/0004). Read by the runtime at its first socket, so it is set before anything else.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

return await CommandLine.RunAsync(args);
