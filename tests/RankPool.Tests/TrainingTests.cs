using RankPool.Data;
using RankPool.Data.Reversible;
using RankPool.Networks;
using RankPool.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

public class TrainingTests
{
    private static readonly TrainingSettings Short = TrainingSettings.Embedded with { Epochs = 2, FeatureCount = 16 };

    [Fact]
    public void The_learning_rate_falls_by_one_factor_from_the_first_to_the_last_epoch()
    {
        var settings = TrainingSettings.Embedded with { Epochs = 3, LearningRate = 0.01, FinalLearningRate = 0.0001 };

        Enumerable.Range(1, 3).Select(settings.LearningRateAt).ShouldBe([0.01, 0.001, 0.0001], 1e-12);
        (settings with { Epochs = 1 }).LearningRateAt(1).ShouldBe(0.01);
    }

    /// <summary>Two steps of Algorithm 1 of Kingma and Ba, worked out by hand in plain numbers.</summary>
    [Fact]
    public void Adam_follows_its_algorithm()
    {
        using var scope = NewDisposeScope();
        var parameter = new TorchSharp.Modules.Parameter(tensor(new[] { 1.0, -2.0 }));
        var unused = new TorchSharp.Modules.Parameter(tensor(new[] { 3.0 }));
        using var adam = new RankPool.Training.Optimizers.Adam([parameter, unused]);
        double[] x = [1, -2], m = [0, 0], v = [0, 0];
        for (var t = 1; t <= 2; t++)
        {
            adam.ZeroGradient();
            parameter.pow(2).sum().backward(); // The gradient is 2x.
            adam.Step(0.1);
            for (var i = 0; i < 2; i++)
            {
                var g = 2 * x[i];
                (m[i], v[i]) = (0.9 * m[i] + 0.1 * g, 0.999 * v[i] + 0.001 * g * g);
                x[i] -= 0.1 * (m[i] / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, t))) + 1e-8);
            }
        }

        parameter.detach().data<double>().ToArray().ShouldBe(x, 1e-12);
        unused.detach().data<double>().ToArray().ShouldBe([3.0]);
    }

    /// <summary>Two steps worked out by hand: the gradient of x² is 2x.</summary>
    [Fact]
    public void Gradient_descent_has_momentum_and_weight_decay()
    {
        using var scope = NewDisposeScope();
        var parameter = new TorchSharp.Modules.Parameter(tensor(new[] { 1.0, -2.0 }));
        using var sgd = new RankPool.Training.Optimizers.Sgd([parameter], momentum: 0.9, weightDecay: 0.5);
        double[] x = [1, -2], v = [0, 0];
        for (var t = 1; t <= 2; t++)
        {
            sgd.ZeroGradient();
            parameter.pow(2).sum().backward();
            sgd.Step(0.1);
            for (var i = 0; i < 2; i++)
            {
                v[i] = 0.9 * v[i] + (2 * x[i] + 0.5 * x[i]);
                x[i] -= 0.1 * v[i];
            }
        }

        parameter.detach().data<double>().ToArray().ShouldBe(x, 1e-12);
        sgd.Moments[0].data<double>().ToArray().ShouldBe(v, 1e-12);
    }

    [Fact]
    public void The_papers_protocol_is_the_papers()
    {
        var paper = TrainingSettings.Paper;

        (paper.Epochs, paper.BatchSize, paper.LearningRate, paper.FinalLearningRate, paper.WeightDecay).ShouldBe((60, 1, 0.01, 0.0001, 0.0005));
        paper.Optimizer.ShouldBe("sgd");
        paper.LearningRateAt(60).ShouldBe(0.0001, 1e-15);
    }

    [Fact]
    public void Equal_seeds_train_equally()
    {
        var first = Train(PoolingChoice.ApproximateRank, seed: 4, Short);

        Train(PoolingChoice.ApproximateRank, seed: 4, Short).Epochs.ShouldBe(first.Epochs);
        Train(PoolingChoice.ApproximateRank, seed: 5, Short).Epochs.ShouldNotBe(first.Epochs);
    }

    [Fact]
    public void Order_is_learned_where_the_pooling_sees_it_and_cannot_be_where_it_does_not()
    {
        var settings = Short with { Epochs = 10, LearningRate = 0.01, FinalLearningRate = 0.001 };

        Train(PoolingChoice.ApproximateRank, seed: 0, settings, scenes: 16).Accuracy.ShouldBeGreaterThan(0.6);
        Train(PoolingChoice.Average, seed: 0, settings with { Epochs = 3 }, scenes: 16).Accuracy.ShouldBeLessThanOrEqualTo(0.5);
    }

    [Fact]
    public void Gradients_accumulate_over_videos_read_one_by_one_to_those_of_the_batch()
    {
        var together = Train(PoolingChoice.Average, seed: 1, Short);
        var oneByOne = Train(PoolingChoice.Average, seed: 1, Short, onDisk: true);

        oneByOne.Epochs.Select(epoch => epoch.Loss).ShouldBe(together.Epochs.Select(epoch => epoch.Loss), 1e-4);
    }

    [Theory]
    [InlineData(PoolingChoice.ApproximateRank, null)]
    [InlineData(PoolingChoice.Rank, PoolingChoice.Exact)]
    public void The_number_of_live_tensors_does_not_grow(string pooling, string? hessian)
    {
        var counts = new List<long>();
        Train(pooling, seed: 0, Short with { Epochs = 4 }, hessian: hessian, report: _ => counts.Add(Tensor.TotalCount));

        counts.Count.ShouldBe(4);
        counts.ShouldAllBe(count => count <= counts[0]);
    }

    [Theory]
    [InlineData(PoolingChoice.Average, null)]
    [InlineData(PoolingChoice.Rank, PoolingChoice.Exact)]
    public void Training_that_diverges_says_so(string pooling, string? hessian) =>
        Should.Throw<TrainingException>(() => Train(pooling, 0, Short with { LearningRate = 1e30, FinalLearningRate = 1e30 }, hessian: hessian))
            .Message.ShouldContain("--learning-rate");

    [Fact]
    public void An_interruption_ends_training()
    {
        using var interrupted = new CancellationTokenSource();

        Should.Throw<OperationCanceledException>(() => Train(
            PoolingChoice.Average, 0, Short, report: _ => interrupted.Cancel(), interrupted: interrupted.Token));
    }

    private static TrainingResult Train(
        string pooling, int seed, TrainingSettings settings, int scenes = 4, bool onDisk = false, string? hessian = null,
        Action<Epoch>? report = null, CancellationToken interrupted = default)
    {
        var data = ReversibleVideos.Create(seed, Evaluation.Validation, scenes, 4) with { OnDisk = onDisk };
        manual_seed(seed);
        using var model = new VideoClassifier(
            new TinyNet(data.FrameSize, settings.FeatureCount), new PoolingChoice(pooling, hessian).Create(10, 0.1), data.Classes.Count);
        return new Trainer(model, data, settings, seed, CPU).Run(new Listener(report), interrupted);
    }

    private sealed class Listener(Action<Epoch>? report) : ITrainingProgress
    {
        public void Report(int epoch, int videos, double framesPerSecond)
        {
        }

        public void Finished(Epoch epoch, double framesPerSecond) => report?.Invoke(epoch);
    }
}
