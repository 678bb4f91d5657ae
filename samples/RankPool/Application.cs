using System.CommandLine;
using System.CommandLine.Help;
using RankPool.Commands;

namespace RankPool;

/// <summary>The <c>rankpool</c> command: arguments in, exit code out. Errors that a user can cause are sentences.</summary>
public static class Application
{
    /// <summary>The exit codes.</summary>
    public const int Success = 0, BadData = 1, BadUsage = 2, Interrupted = 130;

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Errors; progress too where results are JSON.</param>
    /// <param name="interrupted">Set when the user wants to stop.</param>
    public static int Run(string[] arguments, TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        var root = new RootCommand("Video classification with rank pooling as a differentiable layer.")
        {
            CompareCommand.Create(output, error, interrupted),
            TrainCommand.Create(output, error, interrupted),
            SynthesizeCommand.Create(output, interrupted),
        };
        try
        {
            var parsed = root.Parse(arguments);
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
                throw new UsageException($"{parsed.Errors[0].Message} See {Path(parsed.CommandResult)} --help.");
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (UsageException exception)
        {
            error.WriteLine(exception.Message);
            return BadUsage;
        }
        catch (Exception exception) when (exception is OperationCanceledException
            || (interrupted.IsCancellationRequested && exception is DataException))
        {
            error.WriteLine("Interrupted; what was finished is written.");
            return Interrupted;
        }
        catch (DataException exception)
        {
            error.WriteLine(exception.Message);
            return BadData;
        }
    }

    private static string Path(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult ? $"rankpool {command.Command.Name}" : "rankpool";
}
