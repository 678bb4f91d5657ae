namespace ArgminLayers;

/// <summary>How one problem of a batch was solved.</summary>
/// <param name="Index">The problem's index in the flattened batch.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Iterations">Newton steps taken.</param>
/// <param name="GradientNorm">‖∇_y f‖₂ at the returned point.</param>
/// <param name="Detail">What else is known, such as the name of the input that is not finite; null where nothing is.</param>
public sealed record ProblemReport(int Index, ArgminStatus Status, int Iterations, double GradientNorm, string? Detail = null);
