using System.CommandLine;
using ArgminLayers.Benchmarks.Binding;
using ArgminLayers.Benchmarks.Layers;
using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Peers;
using ArgminLayers.Benchmarks.Fuzzing;

// Before anything here adds to it.
_ = Machine.LoadAtStart;

// Each benchmark is a subcommand: dotnet run -c Release --project tests/ArgminLayers.Benchmarks -- NAME
var root = new RootCommand("Measures this library side by side with what a user would pick instead.")
{
    BindingCommand.Create(),
    BindingCommand.CreateWorker(),
    LayersCommand.Create(),
    PeersCommand.Create(),
    FuzzCommand.Create(),
};
return root.Parse(args).Invoke();
