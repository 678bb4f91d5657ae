using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>A batch of problems of one objective, on the CPU in float64, with numbers that float32 holds as well: the same problems in both dtypes and on every device.</summary>
/// <param name="info">What the layer claims.</param>
/// <param name="solve">The layer: options, start and inputs.</param>
/// <param name="objective">The objective as it is written: its value for one y and one set of inputs.</param>
/// <param name="inputs">The inputs; those with a batch dimension have as many problems.</param>
internal sealed class TestProblem(
    ObjectiveInfo info, Func<ArgminOptions, Tensor?, Tensor[], ArgminResult> solve, Func<Tensor, Tensor[], Tensor> objective, params Tensor[] inputs)
{
    /// <summary>What the layer claims.</summary>
    public ObjectiveInfo Info => info;

    /// <summary>The inputs.</summary>
    public Tensor[] Inputs { get; } = [.. inputs.Select(Rounded)];

    /// <summary>Where solvers start, (B, y's own extents), or null for 0.</summary>
    public Tensor? Start { get; init => field = value is null ? null : Rounded(value); }

    /// <summary>How many inputs have a gradient: the first ones. All, unless it is said otherwise.</summary>
    public int Differentiable { get; init; } = inputs.Length;

    /// <summary>The extents of y.</summary>
    public required long[] Shape { get; init; }

    /// <summary>The number of problems.</summary>
    public long Batch => Inputs.Select((input, k) => IsShared(k) ? 1 : input.shape[0]).Max();

    /// <summary>The solvers that apply.</summary>
    public IEnumerable<SolverKind> Solvers => Tests.Solvers.All.Where(kind => kind != SolverKind.SpanNewton || info.HasLinearPredictors);

    /// <summary>Whether all problems share an input.</summary>
    public bool IsShared(int k) => Inputs[k].dim() == info.Inputs[k].Extents.Count;

    /// <summary>An input of one problem.</summary>
    public Tensor Input(int k, long problem) => IsShared(k) ? Inputs[k] : Inputs[k][problem];

    /// <summary>The objective of one problem.</summary>
    public Tensor Objective(Tensor y, Tensor[] own) => objective(y, own);

    /// <summary>Solves the problems from copies of the inputs, which get gradients.</summary>
    public (ArgminResult Result, Tensor[] Leaves) Solve(ArgminOptions options, Tensor? start, string device, ScalarType dtype)
    {
        Tensor[] leaves = [.. Inputs.Select((input, k) => input.clone().to(dtype).to(device).requires_grad_(k < Differentiable))];
        return (solve(options, start?.to(dtype).to(device), leaves), leaves);
    }

    private static Tensor Rounded(Tensor values) => values.detach().to(float32).to(float64);
}
