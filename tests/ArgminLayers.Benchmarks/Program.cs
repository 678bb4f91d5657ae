using System.CommandLine;
using ArgminLayers.Benchmarks.Binding;
using ArgminLayers.Benchmarks.Layers;
using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Peers;
using ArgminLayers.Benchmarks.Fuzzing;
using ArgminLayers.Benchmarks.Generating;
using ArgminLayers.Benchmarks.Mutating;

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
    MutationCommand.Create(),
    GeneratorCommand.Create(),
};
return root.Parse(args).Invoke();
