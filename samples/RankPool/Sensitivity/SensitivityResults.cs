namespace RankPool.Sensitivity;

/// <summary>Rank pooling at one C and ε, over all sequences.</summary>
/// <param name="C">The weight of the regression loss.</param>
/// <param name="Epsilon">The half-width of the band without loss.</param>
/// <param name="Accuracy">Mean per-class accuracy of a ridge classifier on the L2-normalised pooled vectors of features that do not change.</param>
/// <param name="Angle">Degrees between the pooled vector and that at C = 1 and the same ε, mean over the evaluation sequences.</param>
/// <param name="Norm">‖u‖, mean.</param>
/// <param name="ActiveShare">Frames outside the band, as a share.</param>
/// <param name="MeanSteps">Newton steps, mean.</param>
/// <param name="MostSteps">Newton steps, most.</param>
/// <param name="Unsolved">Problems that did not end as converged.</param>
/// <param name="SinglePrecisionError">‖u₃₂ − u₆₄‖/‖u₆₄‖ of the solution in float32, the largest.</param>
public sealed record SweepPoint(
    double C, double Epsilon, double Accuracy, double Angle, double Norm, double ActiveShare, double MeanSteps, int MostSteps, int Unsolved, double SinglePrecisionError);

/// <summary>The network trained end to end at one C.</summary>
/// <param name="C">The weight of the regression loss.</param>
/// <param name="Accuracy">Mean per-class accuracy on the evaluation videos.</param>
/// <param name="Loss">Cross-entropy on the training videos in the last epoch.</param>
public sealed record EndToEndPoint(double C, double Accuracy, double Loss);

/// <summary>The exact derivative of u in C beside a measured change.</summary>
/// <param name="C">Where.</param>
/// <param name="Step">h: C becomes C(1 + h).</param>
/// <param name="Exact">‖∂u/∂log C‖/‖u‖ from the generated layer, median.</param>
/// <param name="Turn">The part of that at right angles to u, in degrees: how fast the direction changes, median.</param>
/// <param name="Measured">‖u(C(1 + h)) − u(C)‖/(h‖u‖), median.</param>
/// <param name="Error">‖u(C(1 + h)) − u(C) − hC ∂u/∂C‖/(hC‖∂u/∂C‖), median. First-order agreement: it falls as h.</param>
public sealed record DerivativePoint(double C, double Step, double Exact, double Turn, double Measured, double Error);

/// <summary>A change of a sequence.</summary>
public enum Disturbance
{
    /// <summary>Every frame moves by a vector of length 0.05 in a random direction.</summary>
    Noise,

    /// <summary>A frame is taken out; those after it are numbered anew.</summary>
    Dropped,

    /// <summary>A frame is shown twice; those after it are numbered anew.</summary>
    Repeated,
}

/// <summary>What a change of the frames does to u at one C: means over sequences and draws, relative to ‖u‖.</summary>
/// <param name="C">The weight of the regression loss.</param>
/// <param name="Kind">What was changed.</param>
/// <param name="Measured">‖u′ − u‖/‖u‖.</param>
/// <param name="Certificate">‖∇f′(u)‖/‖u‖, which strong convexity puts above it.</param>
/// <param name="APriori">The bound from C, ε, T and the frames' lengths alone, over ‖u‖.</param>
/// <param name="WorstRatio">The largest measured change over its own certificate; above 1 the bound would be broken.</param>
/// <param name="Angle">Degrees between u and u′.</param>
public sealed record StabilityPoint(double C, Disturbance Kind, double Measured, double Certificate, double APriori, double WorstRatio, double Angle);

/// <summary>Gradient descent on log C.</summary>
/// <param name="Start">The first C.</param>
/// <param name="Path">C and the training loss after every step, from the start on.</param>
/// <param name="Slope">|∂loss/∂log C| at the end.</param>
/// <param name="Accuracy">Accuracy on the evaluation sequences at the last C.</param>
public sealed record Descent(double Start, IReadOnlyList<DescentStep> Path, double Slope, double Accuracy)
{
    /// <summary>The C that was learned.</summary>
    public double C => Path[^1].C;
}

/// <summary>A step of gradient descent.</summary>
public sealed record DescentStep(double C, double Loss);

/// <summary>All that was measured on one data set.</summary>
public sealed record SensitivityResults
{
    public required string Data { get; init; }

    public required int Classes { get; init; }

    public required int TrainingSequences { get; init; }

    public required int EvaluationSequences { get; init; }

    public required IReadOnlyList<SweepPoint> Sweep { get; init; }

    /// <summary>Empty where the features were extracted before.</summary>
    public required IReadOnlyList<EndToEndPoint> EndToEnd { get; init; }

    public required IReadOnlyList<DerivativePoint> Derivative { get; init; }

    public required IReadOnlyList<StabilityPoint> Stability { get; init; }

    public required IReadOnlyList<Descent> Learned { get; init; }
}
