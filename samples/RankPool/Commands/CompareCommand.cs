using System.CommandLine;
using RankPool.Networks;

namespace RankPool.Commands;

/// <summary><c>rankpool compare</c>: the same network with every pooling.</summary>
internal static class CompareCommand
{
    public static Command Create(TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        var command = new Command("compare", "Train the same ConvNet end to end with every pooling, and compare them.");
        var options = new ExperimentOptions();
        options.AddTo(command);
        command.SetAction(arguments => options.Read(arguments, command.Name).Run(PoolingChoice.All, output, error, interrupted));
        return command;
    }
}
