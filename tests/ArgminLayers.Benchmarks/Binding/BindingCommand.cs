using System.CommandLine;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>The <c>binding</c> subcommand: what a call through TorchSharp costs, beside Python's torch.</summary>
internal static class BindingCommand
{
    internal static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each measurement is repeated; the fastest counts.", DefaultValueFactory = _ => 7 };
        var python = new Option<string>("--python") { Description = "The Python interpreter to compare with, where it has torch.", DefaultValueFactory = _ => "python3" };
        var command = new Command("binding", "The cost of single operations through TorchSharp, beside Python's torch on the same libtorch where there is one.") { rounds, python };
        command.SetAction(parsed =>
        {
            int count = parsed.GetValue(rounds);
            if (count < 1)
            {
                Console.Error.WriteLine("--rounds must be at least 1.");
                return 2;
            }
            BindingReport.Print(BindingBenchmark.Run(count), PythonBinding.Run(parsed.GetValue(python)!, count));
            return 0;
        });
        return command;
    }
}
