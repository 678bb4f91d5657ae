using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Training;

/// <summary>
/// Adam (Kingma and Ba, ICLR 2015, Algorithm 1). In place of <c>torch.optim.Adam</c>, whose step hands libtorch
/// temporary <see cref="Scalar"/>s that the garbage collector may free while they are read.
/// </summary>
public sealed class Adam : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;

    private readonly Scalar beta1 = Beta1;
    private readonly Scalar beta2 = Beta2;
    private readonly Scalar oneMinusBeta1 = 1 - Beta1;
    private readonly Scalar oneMinusBeta2 = 1 - Beta2;
    private readonly Scalar epsilon = 1e-8;
    private readonly List<(Parameter Parameter, Tensor Mean, Tensor Square)> states = [];
    private int steps;

    public Adam(IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            states.Add((
                parameter,
                zeros_like(parameter, requires_grad: false).DetachFromDisposeScope(),
                zeros_like(parameter, requires_grad: false).DetachFromDisposeScope()));
        }
    }

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradient()
    {
        using var scope = NewDisposeScope();
        foreach (var (parameter, _, _) in states)
            parameter.grad?.zero_();
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step(double learningRate)
    {
        steps++;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using Scalar rootOfCorrection2 = Math.Sqrt(1 - Math.Pow(Beta2, steps));
        using Scalar step = -learningRate / (1 - Math.Pow(Beta1, steps));
        foreach (var (parameter, mean, square) in states)
        {
            if (parameter.grad is not { } gradient)
                continue;
            mean.mul_(beta1).add_(gradient, oneMinusBeta1);
            square.mul_(beta2).addcmul_(gradient, gradient, oneMinusBeta2);
            parameter.addcdiv_(mean, square.sqrt().div_(rootOfCorrection2).add_(epsilon), step);
        }
    }

    public void Dispose()
    {
        foreach (var (_, mean, square) in states)
        {
            mean.Dispose();
            square.Dispose();
        }
        states.Clear();
        foreach (var scalar in (Scalar[])[beta1, beta2, oneMinusBeta1, oneMinusBeta2, epsilon])
            scalar.Dispose();
    }
}
