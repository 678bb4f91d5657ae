using System.Collections.Generic;
using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <content>Systems of linear equations and determinants.</content>
internal partial class ProgramBuilder
{
    public virtual int Solve(int matrix, int right)
    {
        RequireSquare(matrix);
        Require(this[right].Rank > 0 && this[right].Axes[0] == this[matrix].Axes[0], $"an axis of extent {this[matrix].Axes[0]}", right);
        return Add(new Solve(matrix, right, this[right].Axes));
    }

    /// <summary>det A.</summary>
    public virtual int Determinant(int matrix)
    {
        RequireSquare(matrix);
        return Add(new Determinant(matrix));
    }

    /// <summary>log |det A|, or log det A, which has no value where the determinant is negative.</summary>
    public virtual int LogDeterminant(int matrix, bool isOfPositive)
    {
        RequireSquare(matrix);
        return Add(new LogDeterminant(matrix, isOfPositive));
    }

    private void RequireSquare(int matrix) =>
        Require(this[matrix].Rank == 2 && this[matrix].Axes[0] == this[matrix].Axes[1], "a square matrix", matrix);
}
