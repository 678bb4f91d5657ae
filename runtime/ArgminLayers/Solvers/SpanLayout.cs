using ArgminLayers.Predictors;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>How B problems in a matrix Y come apart into R problems in vectors, one a column, and back; without columns they are the R = B problems as they are.</summary>
/// <remarks>The columns of a problem follow one another: R = B m.</remarks>
/// <param name="size">B.</param>
/// <param name="columns">How the columns lie; null where problems stay whole.</param>
internal sealed class SpanLayout(long size, PredictorColumns? columns)
{
    /// <summary>The layout of a batch: it comes apart where A acts on a matrix column by column and φ is separable.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="size">B.</param>
    public static SpanLayout Of(LinearPredictorProblem problem, long size) => new(size, problem.IsSeparable ? problem.Columns : null);

    /// <summary>R.</summary>
    public long Size => size * Parts;

    /// <summary>m, or 1 where problems stay whole.</summary>
    public long Parts => columns?.Count ?? 1;

    /// <summary>Whether problems stay whole.</summary>
    public bool IsWhole => columns is null;

    /// <summary>A of the R problems.</summary>
    public PredictorMap Map(LinearPredictorProblem problem)
    {
        var a = problem.Predictors;
        if (columns is null)
            return PredictorMap.Of(a, problem.Columns);
        // What all problems of a batch share, all columns share.
        return a.size(0) == 1 || columns.Count == 1 ? new RowsMap(a) : new RepeatedMap(a, columns.Count);
    }

    /// <summary>(B or 1, elements of Y) as (R or 1, n).</summary>
    public Tensor SplitVariable(Tensor y) => columns is null ? y : Split(OfAll(y), columns.LeadInVariable);

    /// <summary>(R, n) as (B, elements of Y).</summary>
    public Tensor JoinVariable(Tensor y) => columns is null ? y : Join(y, columns.LeadInVariable);

    /// <summary>(…, B or 1, elements of Z) as (…, R or 1, K).</summary>
    public Tensor SplitPredictions(Tensor z) => columns is null ? z : Split(OfAll(z), columns.LeadInPredictions);

    /// <summary>(…, R, K) as (…, B, elements of Z).</summary>
    public Tensor JoinPredictions(Tensor z) => columns is null ? z : Join(z, columns.LeadInPredictions);

    /// <summary>Pieces (…, B, elements of Z, kinks) as (…, R, K, kinks).</summary>
    public Tensor SplitPieces(Tensor pieces) => columns is null ? pieces : Split(pieces.movedim([-1], [0]), columns.LeadInPredictions).movedim([0], [-1]);

    /// <summary>One number a problem, (…, B), for each of its columns, (…, R).</summary>
    public Tensor Repeated(Tensor numbers, int dim) => columns is null || numbers.size(dim) == 1 ? numbers : numbers.repeat_interleave(Parts, dim);

    /// <summary>A tensor of all R problems, or one that they share, with the B problems as its first dimension: what belongs to one of them can be told from it.</summary>
    public Tensor Grouped(Tensor tensor) => columns is null ? tensor : tensor.size(0) == 1 ? tensor.unsqueeze(1) : tensor.unflatten(0, -1, Parts);

    /// <summary>The inverse of <see cref="Grouped"/>.</summary>
    public Tensor Ungrouped(Tensor tensor) => columns is null ? tensor : tensor.flatten(0, 1);

    /// <summary>The reports of the B problems: the first column without a solution speaks for all of its problem, else the first that is worth a remark.</summary>
    public ProblemReport[] JoinReports(ProblemReport[] reports)
    {
        if (columns is null)
            return reports;
        return [.. reports.Chunk((int)Parts).Select((each, i) =>
        {
            var speaker = Array.FindIndex(each, static column => !column.Status.HasSolution());
            if (speaker < 0)
                speaker = Array.FindIndex(each, static column => column.Status != ArgminStatus.Converged);
            var spoken = each[Math.Max(speaker, 0)];
            var place = $"so it is in {(columns.LeadInVariable ? "row" : "column")} {speaker} of the variable";
            return spoken with
            {
                Index = i,
                Iterations = each.Max(static column => column.Iterations),
                GradientNorm = Math.Sqrt(each.Sum(static column => column.GradientNorm * column.GradientNorm)),
                Condition = each.Max(static column => column.Condition),
                Detail = speaker < 0 ? null : spoken.Detail is { } detail ? $"{detail}; {place}" : place,
            };
        })];
    }

    /// <summary>What all B problems share, for each of them: their columns differ.</summary>
    private Tensor OfAll(Tensor tensor)
    {
        if (size == 1 || tensor.size(-2) != 1)
            return tensor;
        var shape = tensor.shape;
        shape[^2] = size;
        return tensor.expand(shape);
    }

    private Tensor Split(Tensor flat, bool lead)
    {
        var last = flat.dim() - 1;
        return (lead ? flat.unflatten(last, Parts, -1) : flat.unflatten(last, -1, Parts).transpose(-2, -1)).flatten(-3, -2);
    }

    private Tensor Join(Tensor columns, bool lead)
    {
        var each = columns.unflatten(columns.dim() - 2, -1, Parts);
        return (lead ? each : each.transpose(-2, -1)).flatten(-2, -1);
    }
}
