using TorchSharp;
using TorchSharp.Modules;

namespace RankPool.Training.Optimizers;

/// <summary>Stochastic gradient descent with momentum μ and weight decay λ: <c>v ← μ v + (g + λ x)</c>, <c>x ← x − η v</c>.</summary>
public sealed class Sgd : Optimizer
{
    private readonly Scalar momentum;
    private readonly Scalar weightDecay;
    private readonly Scalar one = 1.0;
    private readonly List<torch.Tensor> velocities;

    /// <param name="parameters">What to move.</param>
    /// <param name="momentum">μ, from 0 on and below 1.</param>
    /// <param name="weightDecay">λ, not negative.</param>
    public Sgd(IEnumerable<Parameter> parameters, double momentum, double weightDecay) : base(parameters)
    {
        this.momentum = momentum;
        this.weightDecay = weightDecay;
        velocities = NewMoments();
    }

    private protected override void Move(double learningRate)
    {
        using Scalar step = -learningRate;
        for (var i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].grad is not { } gradient)
                continue;
            velocities[i].mul_(momentum).add_(gradient, one).add_(Parameters[i], weightDecay);
            Parameters[i].add_(velocities[i], step);
        }
    }

    private protected override void DisposeScalars()
    {
        foreach (var scalar in (Scalar[])[momentum, weightDecay, one])
            scalar.Dispose();
    }
}
