namespace ArgminLayers;

/// <summary>A problem of a batch could not be solved, or a backward pass could not compute its gradient.</summary>
public sealed class ArgminException : Exception
{
    /// <summary>Creates the exception for problems that ended badly.</summary>
    /// <param name="message">What went wrong, where, and what to do.</param>
    /// <param name="failures">The reports of the problems that did not converge.</param>
    public ArgminException(string message, IReadOnlyList<ProblemReport> failures)
        : base(message) => Failures = failures;

    /// <summary>Creates the exception for a failure that another exception explains.</summary>
    /// <param name="message">What went wrong, where, and what to do.</param>
    /// <param name="innerException">What happened.</param>
    public ArgminException(string message, Exception innerException)
        : base(message, innerException) => Failures = [];

    /// <summary>The reports of the problems that did not converge; empty for a failure of a backward pass.</summary>
    public IReadOnlyList<ProblemReport> Failures { get; }
}
