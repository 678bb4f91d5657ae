namespace ArgminLayers;

/// <summary>How the columns lie of a matrix y that A acts on one by one: Z = A Y + B, with as many columns in Z as in Y.</summary>
/// <param name="Count">m, the number of columns.</param>
/// <param name="LeadInVariable">Whether y of shape (B, n) lists Y column by column, as (m, n/m); else it lists it row by row, as (n/m, m).</param>
/// <param name="LeadInPredictions">The same of z and Z.</param>
public sealed record PredictorColumns(long Count, bool LeadInVariable, bool LeadInPredictions)
{
    /// <summary>Whether all columns have the same Hessian, as those of a ridge regression: then one factorisation in the space of a column of Y does for all.</summary>
    public bool ShareHessian { get; init; }
}
