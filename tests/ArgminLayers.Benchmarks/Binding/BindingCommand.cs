using System.CommandLine;
using Spectre.Console;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>The <c>binding</c> subcommand: what a call through TorchSharp costs, beside Python's torch.</summary>
internal static class BindingCommand
{
    internal const string WorkerName = "binding-worker";

    internal static Command Create()
    {
        var processes = AtLeastOne("--processes", "How many processes measure, each beside one of Python's.", 5);
        var rounds = AtLeastOne("--rounds", "How many turns of a few milliseconds each process takes at an operation.", 30);
        var python = new Option<string>("--python") { Description = "The Python interpreter to compare with, where it has torch.", DefaultValueFactory = _ => "python3" };
        var command = new Command("binding", "The cost of single operations through TorchSharp, beside Python's torch on the same libtorch where there is one.") { processes, rounds, python };
        command.SetAction(parsed =>
        {
            var comparison = BindingComparison.Run(parsed.GetValue(processes), parsed.GetValue(rounds), parsed.GetValue(python)!);
            BindingReport.Print(AnsiConsole.Console, comparison);
        });
        return command;
    }

    /// <summary>The command with which <see cref="BindingComparison"/> starts this program again.</summary>
    internal static Command CreateWorker()
    {
        var command = new Command(WorkerName, "Measures on request, over standard input and output.") { Hidden = true };
        command.SetAction(_ => BindingWorker.Run(Console.In, Console.Out));
        return command;
    }

    private static Option<int> AtLeastOne(string name, string description, int standard)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError($"{name} must be at least 1.");
        });
        return option;
    }
}
