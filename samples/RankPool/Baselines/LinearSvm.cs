using ArgminLayers;
using RankPool.Training;
using static TorchSharp.torch;

namespace RankPool.Baselines;

/// <summary>An example of the linear classifier.</summary>
/// <param name="Name">Its video's name.</param>
/// <param name="Labels">What it shows.</param>
/// <param name="Vector">Its pooled vector.</param>
public sealed record SvmExample(string Name, IReadOnlyList<int> Labels, float[] Vector);

/// <summary>
/// Linear classifiers of one class against the rest, with squared hinge loss and a bias that is regularised like every weight (liblinear's <c>-s 2 -B 1</c>). All classes are one
/// batch of an argmin layer.
/// </summary>
public sealed class LinearSvm
{
    /// <summary>The values of C that are tried.</summary>
    public static IReadOnlyList<double> Grid { get; } = [0.001, 0.01, 0.1, 1, 10, 100, 1000];

    private const int MostFolds = 5;

    private readonly double[] weights;
    private readonly int width;

    private LinearSvm(double[] weights, int width, double c) => (this.weights, this.width, C) = (weights, width, c);

    /// <summary>The weight of the losses.</summary>
    public double C { get; }

    /// <summary>The weights of a class, the bias last.</summary>
    public ReadOnlySpan<double> Weights(int label) => weights.AsSpan(label * width, width);

    /// <summary>Trains with a given C.</summary>
    /// <exception cref="TrainingException">The problem has no solution, for example because a feature is not a number.</exception>
    public static LinearSvm Fit(IReadOnlyList<SvmExample> examples, int classCount, double c) => Fit(examples, classCount, c, [.. examples.Select(_ => 1.0)]);

    /// <summary>Trains with the C that is best in cross-validation; of equal ones the smallest.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="multiLabel">Whether average precision counts, and not accuracy.</param>
    /// <param name="interrupted">Stops between two fits.</param>
    /// <exception cref="TrainingException">The problem has no solution, for example because a feature is not a number.</exception>
    public static LinearSvm FitBestC(IReadOnlyList<SvmExample> examples, int classCount, bool multiLabel, CancellationToken interrupted)
    {
        var folds = Folds(examples);
        var best = (Score: double.NegativeInfinity, C: Grid[0]);
        foreach (var c in Grid)
        {
            var predictions = new List<Prediction>();
            for (var fold = 0; fold <= folds.Max(); fold++)
            {
                interrupted.ThrowIfCancellationRequested();
                var machine = Fit(examples, classCount, c, [.. folds.Select(own => own == fold ? 0.0 : 1.0)]);
                predictions.AddRange(examples.Where((_, i) => folds[i] == fold).Select(machine.Predict));
            }
            var score = Metrics.Of(predictions, classCount, multiLabel);
            if (score > best.Score)
                best = (score, c);
        }
        return Fit(examples, classCount, best.C);
    }

    /// <summary>The scores of an example.</summary>
    public Prediction Predict(SvmExample example)
    {
        var scores = new float[weights.Length / width];
        for (var label = 0; label < scores.Length; label++)
        {
            var w = Weights(label);
            var score = w[^1];
            for (var d = 0; d < example.Vector.Length; d++)
                score += w[d] * example.Vector[d];
            scores[label] = (float)score;
        }
        return new Prediction(example.Name, example.Labels, scores);
    }

    /// <summary>Every fold gets its share of every class.</summary>
    private static int[] Folds(IReadOnlyList<SvmExample> examples)
    {
        var count = Math.Min(MostFolds, examples.Count);
        var seen = new Dictionary<int, int>();
        return [.. examples.Select(example =>
        {
            var label = example.Labels.Count == 0 ? -1 : example.Labels[0];
            return (seen[label] = seen.GetValueOrDefault(label) + 1) % count;
        })];
    }

    private static LinearSvm Fit(IReadOnlyList<SvmExample> examples, int classCount, double c, double[] present)
    {
        using var scope = NewDisposeScope();
        var width = examples[0].Vector.Length + 1;
        var x = new double[examples.Count * width];
        var y = new double[classCount * examples.Count];
        Array.Fill(y, -1);
        for (var n = 0; n < examples.Count; n++)
        {
            for (var d = 0; d < width - 1; d++)
                x[n * width + d] = examples[n].Vector[d];
            x[n * width + width - 1] = 1;
            foreach (var label in examples[n].Labels)
                y[label * examples.Count + n] = 1;
        }
        using var layer = new LinearSvmLayer(c);
        try
        {
            using var noGradient = no_grad();
            var w = layer.call(tensor(x, [examples.Count, width]), tensor(y, [classCount, examples.Count]), tensor(present));
            return new LinearSvm(w.reshape(-1).contiguous().data<double>().ToArray(), width, c);
        }
        catch (ArgminException exception)
        {
            throw new TrainingException(FormattableString.Invariant($"The linear classifier with C = {c} has no solution: {exception.Message}"), exception);
        }
    }
}
