using System.Globalization;

namespace ArgminLayers;

/// <summary>What exceptions say about problems that did not end well.</summary>
internal static class FailureText
{
    /// <summary>Problems listed one by one; a batch that fails as a whole is summed up.</summary>
    private const int Listed = 5;

    /// <summary>A forward pass in which problems did not converge.</summary>
    public static string Forward(ObjectiveInfo info, IReadOnlyList<ProblemReport> failed, int size)
        => $"{info.Name}: {failed.Count} of {size} problems could not be solved. {List(failed)} Solve returns the other problems' solutions.";

    /// <summary>A backward pass through problems that did not converge.</summary>
    public static string Backward(ObjectiveInfo info, IReadOnlyList<ProblemReport> failed)
        => $"{info.Name}: a backward pass reached problems without a solution, so their gradients are NaN. {List(failed)}";

    /// <summary>A backward pass that failed itself.</summary>
    public static string Backward(ObjectiveInfo info, Exception failure)
        => $"{info.Name}: a backward pass failed, so its gradients are NaN: {failure.Message.TrimEnd('.')}.";

    /// <summary>A backward pass whose conjugate gradients ended above their tolerance.</summary>
    public static string Unsolved(ObjectiveInfo info, int[] problems, double[] residuals, double tolerance)
        => string.Create(CultureInfo.InvariantCulture, $"{info.Name}: conjugate gradients did not solve the system of a backward pass, so its gradients are NaN for {problems.Length} problems, ")
            + string.Create(CultureInfo.InvariantCulture, $"among them problem {problems[0]} with a residual of {residuals[problems[0]]:g2} where LinearTolerance is {tolerance:g2}. ")
            + "Raise MaxLinearIterations or LinearTolerance, or use HessianForm.Auto or Cholesky.";

    private static string List(IReadOnlyList<ProblemReport> failed)
    {
        var lines = failed.Take(Listed).Select(Line);
        return string.Join(" ", failed.Count > Listed ? lines.Append($"(And {failed.Count - Listed} more.)") : lines);
    }

    private static string Line(ProblemReport report)
    {
        var numbers = string.Create(CultureInfo.InvariantCulture, $"gradient norm {report.GradientNorm:g3} after {report.Iterations} iterations");
        var detail = report.Status == ArgminStatus.InputNotFinite ? report.Detail : report.Detail is null ? numbers : $"{numbers}; {report.Detail}";
        return string.Create(CultureInfo.InvariantCulture, $"Problem {report.Index}: {report.Status.Sentence()} ({detail})");
    }
}
