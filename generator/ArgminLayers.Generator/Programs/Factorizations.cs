using System;

namespace ArgminLayers.Generator.Programs;

/// <summary>A⁻¹B for a square A and any number of further axes of B.</summary>
internal sealed record Solve(int Matrix, int Right, EquatableArray<Extent> Axes) : Node(Axes, Domain.Tensor)
{
    protected override int[] ListOperands() => new[] { Matrix, Right };

    public override Node Renumber(Func<int, int> map) => this with { Matrix = map(Matrix), Right = map(Right) };
}

/// <summary>det A. Its derivative divides by A, so where A is singular it is NaN.</summary>
internal sealed record Determinant(int Matrix) : Node(default, Domain.Tensor)
{
    protected override int[] ListOperands() => new[] { Matrix };

    public override Node Renumber(Func<int, int> map) => this with { Matrix = map(Matrix) };
}

/// <summary>log |det A|, or log det A, which is NaN where the determinant is negative.</summary>
internal sealed record LogDeterminant(int Matrix, bool IsOfPositive) : Node(default, Domain.Tensor)
{
    protected override int[] ListOperands() => new[] { Matrix };

    public override Node Renumber(Func<int, int> map) => this with { Matrix = map(Matrix) };
}
