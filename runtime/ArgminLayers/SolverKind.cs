namespace ArgminLayers;

/// <summary>How a minimum is found.</summary>
public enum SolverKind
{
    /// <summary>Span-space Newton where the objective has the form for it, plain Newton elsewhere.</summary>
    Auto,

    /// <summary>Batched Newton in the space of y, with a line search per problem; semismooth for piecewise objectives.</summary>
    Newton,

    /// <summary>Newton in the span of the predictors' rows: one Gram matrix, then every step on the K×K side.</summary>
    SpanNewton,
}
