using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Sensitivity;

/// <summary>
/// C learned by gradient descent: the training loss of a ridge classifier on pooled vectors is a function of log C alone, because the classifier is fitted anew at every C;
/// its derivative comes through the generated layer. Steps are halved until the loss falls as much as its slope promises (Armijo).
/// </summary>
internal static class LearnedConstant
{
    private const double Promise = 1e-4;
    private const double Flat = 1e-6;

    /// <summary>A step changes C by a factor of ten at most.</summary>
    private static readonly double Longest = Math.Log(10);

    public static Descent Run(FeatureSet features, double start, double epsilon, int steps, CancellationToken interrupted)
    {
        var labels = SweepStudy.Labels(features.Training);
        var x = Math.Log(start);
        var (loss, slope) = LossAt(features, labels, x, epsilon);
        var path = new List<DescentStep> { new(start, loss) };
        var length = 1.0;
        for (var step = 0; step < steps && Math.Abs(slope) > Flat; step++)
        {
            interrupted.ThrowIfCancellationRequested();
            // The first try is a decade in the direction of the slope; later ones start from twice the last step.
            length = step == 0 ? Longest / Math.Abs(slope) : Math.Min(2 * length, Longest / Math.Abs(slope));
            var next = x - length * slope;
            var (nextLoss, nextSlope) = LossAt(features, labels, next, epsilon);
            while (nextLoss > loss - Promise * length * slope * slope && length * Math.Abs(slope) > 1e-6)
            {
                length /= 2;
                next = x - length * slope;
                (nextLoss, nextSlope) = LossAt(features, labels, next, epsilon);
            }
            if (nextLoss >= loss)
                break;
            (x, loss, slope) = (next, nextLoss, nextSlope);
            path.Add(new(Math.Exp(x), loss));
        }
        return new Descent(start, path, Math.Abs(slope), Accuracy(features, labels, Math.Exp(x), epsilon));
    }

    /// <summary>The training loss at C = eˣ, and its derivative in x.</summary>
    public static (double Loss, double Slope) LossAt(FeatureSet features, IReadOnlyList<int> labels, double x, double epsilon)
    {
        using var scope = NewDisposeScope();
        using var layer = new RankPoolingLearnedLayer();
        var logC = tensor(x, requires_grad: true);
        var c = logC.exp();
        var vectors = cat([.. features.Training.Select(batch => layer.call(batch.V, batch.T, batch.Mask, c, tensor(epsilon)))], 0);
        using var classifier = RidgeClassifier.Fit(vectors, labels, features.Classes.Count);
        var loss = classifier.Loss(vectors, labels);
        loss.backward();
        layer.ThrowIfFailed();
        return (loss.item<double>(), logC.grad!.item<double>());
    }

    private static double Accuracy(FeatureSet features, IReadOnlyList<int> labels, double c, double epsilon)
    {
        using var scope = NewDisposeScope();
        using var classifier = RidgeClassifier.Fit(SweepStudy.Pool(features.Training, c, epsilon, ScalarType.Float64).Vectors, labels, features.Classes.Count);
        return classifier.Accuracy(SweepStudy.Pool(features.Evaluation, c, epsilon, ScalarType.Float64).Vectors, SweepStudy.Labels(features.Evaluation));
    }
}
