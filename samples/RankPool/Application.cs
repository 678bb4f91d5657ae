using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using RankPool.Commands;

namespace RankPool;

/// <summary>The <c>rankpool</c> command: arguments in, exit code out. Errors that a user can cause are sentences.</summary>
public static class Application
{
    /// <summary>The exit codes of what did not succeed.</summary>
    public const int Failure = 1, BadUsage = 2, Interrupted = 130;

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
            PoolCommand.Create(output, error, interrupted),
            MergeCommand.Create(output, interrupted),
            SensitivityCommand.Create(output, error, interrupted),
            DataCommand.Create(output, interrupted),
            ExtractCommand.Create(output, interrupted),
            SvmCommand.Create(output, interrupted),
            ReproduceCommand.Create(output, interrupted),
        };
        var parsed = root.Parse(arguments);
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
                throw new UsageException(Sentence(parsed));
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
        catch (Exception exception) when (exception is DataException or TrainingException)
        {
            error.WriteLine(exception.Message);
            return Failure;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error.WriteLine(exception.Message.ReplaceLineEndings(" "));
            return Failure;
        }
        catch (Exception exception) when (OutOfMemory.Is(exception))
        {
            error.WriteLine(OutOfMemory.Advice(parsed.CommandResult.Command));
            return Failure;
        }
    }

    private static string Sentence(ParseResult parsed)
    {
        // An unknown word is the reason for whatever else the parser then misses.
        var message = parsed.UnmatchedTokens.Count > 0
            ? $"There is no command or option '{parsed.UnmatchedTokens[0]}'"
            : parsed.Errors[0].Message.TrimEnd('.');
        var command = "";
        for (SymbolResult? part = parsed.CommandResult; part is CommandResult { Command: not RootCommand } inner; part = part.Parent)
            command = $" {inner.Command.Name}{command}";
        command = "rankpool" + command;
        return $"{message}; see '{command} --help'.";
    }
}
