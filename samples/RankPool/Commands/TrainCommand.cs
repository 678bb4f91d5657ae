using System.CommandLine;
using RankPool.Networks;

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
        var frameLevel = new Option<bool>("--frame-level") { Description = "Train on single frames with their video's label, without a pooling; the scores of a video are the sum of its frames'." };
        command.Add(frameLevel);
        command.SetAction(arguments =>
        {
            if (arguments.GetValue(frameLevel) && pooling.AreGiven(arguments))
                throw new UsageException("--frame-level trains without a pooling; leave the options of poolings out.");
            var choice = arguments.GetValue(frameLevel) ? new PoolingChoice(PoolingChoice.FrameLevel) : pooling.Read(arguments);
            options.Read(arguments, command.Name).Run([choice], output, error, interrupted);
        });
        return command;
    }
}
