using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Batching;

/// <summary>B problems with their inputs bound, from which a part can be taken.</summary>
/// <param name="bind">Binds inputs to the objective.</param>
/// <param name="inputs">The inputs as (B or 1, own extents…).</param>
/// <param name="size">B.</param>
internal sealed class ProblemBatch(Func<IReadOnlyList<Tensor>, ArgminProblem> bind, IReadOnlyList<Tensor> inputs, long size)
{
    /// <summary>The objective at these inputs.</summary>
    public ArgminProblem Problem { get; } = bind(inputs);

    /// <summary>B.</summary>
    public long Size => size;

    /// <summary>The inputs' dtype.</summary>
    public ScalarType Dtype => inputs[0].dtype;

    /// <summary>The point zero, (B, n), in the inputs' dtype and on their device.</summary>
    public Tensor Zeros(long variableSize) => zeros([size, variableSize], dtype: inputs[0].dtype, device: inputs[0].device);

    /// <summary>The problems at some indices; their inputs are new tensors of the caller's scope, except those that all problems share.</summary>
    public ProblemBatch Select(Tensor indices)
        => new(bind, [.. inputs.Select(input => input.size(0) == 1 ? input : input.index_select(0, indices))], indices.size(0));

    /// <summary>The same problems in another precision; the inputs are new tensors of the caller's scope.</summary>
    public ProblemBatch To(ScalarType dtype) => new(bind, [.. inputs.Select(input => input.to(dtype))], size);

    /// <summary>Moves the inputs that live in a scope to the scope around it.</summary>
    public ProblemBatch MoveToOuter(DisposeScope scope)
    {
        foreach (var input in inputs)
            scope.MoveToOuter(input);
        return this;
    }
}
