using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>One step of stochastic gradient descent on a small multilayer perceptron; binding.py does the same.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> _network = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 4));
    private readonly Tensor _data = randn(32, 16).DetachFromDisposeScope();
    private readonly Tensor _labels = randint(4, [32L]).DetachFromDisposeScope();
    private readonly optim.Optimizer _optimizer;

    internal TrainingStep() => _optimizer = optim.SGD(_network.parameters(), 0.01);

    internal void Run()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        nn.functional.cross_entropy(_network.call(_data), _labels).backward();
        _optimizer.step();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
        _data.Dispose();
        _labels.Dispose();
    }
}
