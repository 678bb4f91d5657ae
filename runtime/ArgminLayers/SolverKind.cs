namespace ArgminLayers;

/// <summary>How a minimum is found. The report says which one it was.</summary>
public enum SolverKind
{
    /// <summary>
    /// One step where the Hessian is constant. Else, where f is convex and enters through linear predictors beside an isotropic quadratic, SpanNewton or, with more predictors than
    /// unknowns, Newton; each tries the other where it fails. Else Newton where f is convex, DampedNewton where that is not known, and Lbfgs above 2048 unknowns without structure.
    /// </summary>
    Auto,

    /// <summary>Batched Newton in the space of y, with a line search per problem; semismooth for piecewise objectives. One step where the Hessian is constant.</summary>
    Newton,

    /// <summary>Newton in the span of the predictors' rows: one Gram matrix, then every step on the K×K side.</summary>
    SpanNewton,

    /// <summary>Newton on H + μI with μ from a trust region per problem (Levenberg): for objectives that are not convex. Ends with the second-order test.</summary>
    DampedNewton,

    /// <summary>L-BFGS: gradients only, O(n) memory. Ends with Newton's step as a test of stationarity, and with the second-order test.</summary>
    Lbfgs,

    /// <summary>The solver of <see cref="ArgminOptions.Minimizer"/>.</summary>
    Supplied,
}
