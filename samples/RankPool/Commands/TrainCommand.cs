using System.CommandLine;

namespace RankPool.Commands;

/// <summary><c>rankpool train</c>: the network with one pooling.</summary>
internal static class TrainCommand
{
    public static Command Create(TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        var command = new Command("train", "Train the ConvNet end to end with one pooling.");
        var pooling = new PoolingOptions();
        pooling.AddTo(command);
        var options = new ExperimentOptions();
        options.AddTo(command);
        command.SetAction(arguments => options.Read(arguments, command.Name).Run([pooling.Read(arguments)], output, error, interrupted));
        return command;
    }
}
