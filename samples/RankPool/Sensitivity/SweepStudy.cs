using ArgminLayers;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Sensitivity;

/// <summary>Accuracy, pooled vectors and the solver's behaviour over C and ε, for features that do not change.</summary>
internal static class SweepStudy
{
    private const double Reference = 1;

    public static IEnumerable<SweepPoint> Run(FeatureSet features, StudySettings settings)
    {
        foreach (var epsilon in settings.Epsilons)
        {
            using var scope = NewDisposeScope();
            var reference = Pool(features.Evaluation, Reference, epsilon, ScalarType.Float64).Vectors;
            foreach (var c in settings.Constants)
                yield return Measure(features, c, epsilon, reference);
        }
    }

    private static SweepPoint Measure(FeatureSet features, double c, double epsilon, Tensor reference)
    {
        using var scope = NewDisposeScope();
        var training = Pool(features.Training, c, epsilon, ScalarType.Float64);
        var evaluation = Pool(features.Evaluation, c, epsilon, ScalarType.Float64);
        var single = Pool(features.Evaluation, c, epsilon, ScalarType.Float32).Vectors;
        using var classifier = RidgeClassifier.Fit(training.Vectors, Labels(features.Training), features.Classes.Count);
        var reports = training.Reports.Concat(evaluation.Reports).ToList();
        var u = evaluation.Vectors;
        var norms = Geometry.Norms(u);
        return new SweepPoint(
            c, epsilon,
            Math.Round(classifier.Accuracy(u, Labels(features.Evaluation)), 6),
            Geometry.Degrees(u, reference).Average(),
            norms.Average(),
            ActiveShare(features.Evaluation, u, epsilon),
            reports.Average(report => report.Iterations),
            reports.Max(report => report.Iterations),
            reports.Count(report => report.Status != ArgminStatus.Converged),
            Geometry.Norms(single.sub(u)).Zip(norms, (error, norm) => norm == 0 ? error : error / norm).Max());
    }

    /// <summary>The pooled vectors of all batches, (N, D) in float64, and how their problems ended.</summary>
    public static (Tensor Vectors, IReadOnlyList<ProblemReport> Reports) Pool(IReadOnlyList<FeatureBatch> batches, double c, double epsilon, ScalarType type)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var layer = new RankPoolingLayer(c, epsilon);
        var results = batches.Select(batch => layer.Solve(batch.V.to(type), batch.T.to(type), batch.Mask.to(type))).ToList();
        return (
            cat([.. results.Select(result => result.Solution.to(ScalarType.Float64))], 0).MoveToOuterDisposeScope(),
            [.. results.SelectMany(result => result.Problems)]);
    }

    /// <summary>The labels of all batches.</summary>
    public static List<int> Labels(IReadOnlyList<FeatureBatch> batches) => [.. batches.SelectMany(batch => batch.Labels)];

    private static double ActiveShare(IReadOnlyList<FeatureBatch> batches, Tensor u, double epsilon)
    {
        using var scope = NewDisposeScope();
        using Scalar band = epsilon;
        var (first, active, frames) = (0L, 0.0, 0.0);
        foreach (var batch in batches)
        {
            var deviation = batch.V.matmul(u.narrow(0, first, batch.V.size(0)).unsqueeze(-1)).squeeze(-1).sub(batch.T).abs();
            active += deviation.gt(band).to(ScalarType.Float64).mul(batch.Mask).sum().item<double>();
            frames += batch.Mask.sum().item<double>();
            first += batch.V.size(0);
        }
        return active / frames;
    }
}
