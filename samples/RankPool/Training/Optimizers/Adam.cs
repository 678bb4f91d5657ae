using TorchSharp;
using TorchSharp.Modules;

namespace RankPool.Training.Optimizers;

/// <summary>Adam (Kingma and Ba, ICLR 2015, Algorithm 1).</summary>
public sealed class Adam : Optimizer
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    private readonly Scalar beta1 = Beta1;
    private readonly Scalar beta2 = Beta2;
    private readonly Scalar oneMinusBeta1 = 1 - Beta1;
    private readonly Scalar oneMinusBeta2 = 1 - Beta2;
    private readonly Scalar epsilon = 1e-8;
    private readonly List<torch.Tensor> means;
    private readonly List<torch.Tensor> squares;

    public Adam(IEnumerable<Parameter> parameters) : base(parameters) => (means, squares) = (NewMoments(), NewMoments());

    private protected override void Move(double learningRate)
    {
        using Scalar rootOfCorrection2 = Math.Sqrt(1 - Math.Pow(Beta2, Steps));
        using Scalar step = -learningRate / (1 - Math.Pow(Beta1, Steps));
        for (var i = 0; i < Parameters.Count; i++)
        {
            if (Parameters[i].grad is not { } gradient)
                continue;
            means[i].mul_(beta1).add_(gradient, oneMinusBeta1);
            squares[i].mul_(beta2).addcmul_(gradient, gradient, oneMinusBeta2);
            Parameters[i].addcdiv_(means[i], squares[i].sqrt().div_(rootOfCorrection2).add_(epsilon), step);
        }
    }

    private protected override void DisposeScalars()
    {
        foreach (var scalar in (Scalar[])[beta1, beta2, oneMinusBeta1, oneMinusBeta2, epsilon])
            scalar.Dispose();
    }
}
