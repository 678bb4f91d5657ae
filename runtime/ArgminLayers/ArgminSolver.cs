using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>Solves the problems of one objective in batches and differentiates the solutions: what a generated layer calls.</summary>
/// <remarks>Holds no state of a call, so one instance serves any number of threads.</remarks>
public sealed class ArgminSolver
{
    private readonly Func<IReadOnlyList<Tensor>, ArgminProblem> bind;

    /// <summary>Creates a solver for an objective.</summary>
    /// <param name="info">What the compiler found out about the objective.</param>
    /// <param name="options">How problems are solved.</param>
    /// <param name="bind">Binds inputs of shapes (B or 1, own extents…) to the objective.</param>
    public ArgminSolver(ObjectiveInfo info, ArgminOptions options, Func<IReadOnlyList<Tensor>, ArgminProblem> bind)
    {
        Info = info;
        Options = options;
        this.bind = bind;
    }

    /// <summary>What the compiler found out about the objective.</summary>
    public ObjectiveInfo Info { get; }

    /// <summary>How problems are solved.</summary>
    public ArgminOptions Options { get; }

    /// <summary>The minimisers y*, of shape (batch dimensions…, y's own extents), differentiable in the inputs.</summary>
    /// <param name="inputs">The inputs in the order of <see cref="ObjectiveInfo.Inputs"/>; leading dimensions are batch and broadcast.</param>
    public Tensor Call(params Tensor[] inputs) => Solve(null, inputs).Solution;

    /// <summary>The minimisers with a report per problem.</summary>
    /// <param name="start">Where to start, of y's shape, or null for the solver's own choice.</param>
    /// <param name="inputs">The inputs in the order of <see cref="ObjectiveInfo.Inputs"/>; leading dimensions are batch and broadcast.</param>
    public ArgminResult Solve(Tensor? start, params Tensor[] inputs)
        => throw new InvalidOperationException($"The solvers for {bind(inputs).Info.Name} arrive with the next commits.");

    /// <summary>Throws the first failure that a backward pass of this solver recorded since the last call.</summary>
    public void ThrowIfFailed()
    {
    }
}
