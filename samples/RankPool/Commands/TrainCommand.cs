using System.CommandLine;
using RankPool.Networks;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary><c>rankpool train</c>: the network with one pooling.</summary>
internal static class TrainCommand
{
    public static Command Create(TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        var pooling = Word(
            "--pooling", "How frames become one vector.", PoolingChoice.Rank,
            PoolingChoice.Average, PoolingChoice.Max, PoolingChoice.ApproximateRank, PoolingChoice.Rank);
        var hessian = Word(
            "--hessian", "For rank pooling, the Hessian of its backward pass.", PoolingChoice.Exact, PoolingChoice.Exact, PoolingChoice.Diagonal);
        var command = new Command("train", "Train the ConvNet end to end with one pooling.") { pooling, hessian };
        var options = new ExperimentOptions();
        options.AddTo(command);
        command.SetAction(arguments =>
        {
            var name = arguments.GetRequiredValue(pooling);
            if (name != PoolingChoice.Rank && arguments.GetResult(hessian) is { Implicit: false })
                throw new UsageException($"--hessian belongs to --pooling rank, and --pooling is {name}.");
            var choice = new PoolingChoice(name, name == PoolingChoice.Rank ? arguments.GetRequiredValue(hessian) : null);
            options.Read(arguments, command.Name).Run([choice], output, error, interrupted);
        });
        return command;
    }
}
