using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>When gradients are recorded, and where they go.</summary>
public sealed class GradientModeTests
{
    [Fact]
    public void ModesNestAndEnd()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        is_grad_enabled().ShouldBeTrue();
        using (no_grad())
        {
            is_grad_enabled().ShouldBeFalse();
            (x * x).requires_grad.ShouldBeFalse();
            using (enable_grad())
                (x * x).requires_grad.ShouldBeTrue();
            using (set_grad_enabled(true))
            using (set_grad_enabled(false))
                is_grad_enabled().ShouldBeFalse();
            is_grad_enabled().ShouldBeFalse();
        }
        is_grad_enabled().ShouldBeTrue();
        (x * x).requires_grad.ShouldBeTrue();
    }

    [Fact]
    public void InferenceModeEndsToo()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        using (inference_mode())
        {
            is_inference_mode_enabled().ShouldBeTrue();
            (x * x).requires_grad.ShouldBeFalse();
        }
        is_inference_mode_enabled().ShouldBeFalse();
    }

    [Fact]
    public void AModeBelongsToItsThread()
    {
        using var quiet = no_grad();
        bool elsewhere = false;
        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();
        elsewhere.ShouldBeTrue();
    }

    [Fact]
    public void GradientsAddUpUntilTheyAreCleared()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 2.0, 3.0 }, requires_grad: true);
        for (int i = 0; i < 2; i++)
            x.square().sum().backward();
        x.grad!.data<double>().ToArray().ShouldBe([8, 12]);
        x.grad = null;
        x.grad.ShouldBeNull();
        x.mul(x).backward([tensor(new[] { 1.0, 10.0 })]);
        x.grad!.data<double>().ToArray().ShouldBe([4, 60]);
    }

    [Fact]
    public void AGraphIsFreedAfterOneBackwardUnlessKept()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 2.0 }, requires_grad: true);
        var kept = x.square().sum();
        kept.backward(retain_graph: true);
        kept.backward();
        x.grad!.item<double>().ShouldBe(8);
        Should.Throw<ExternalException>(() => kept.backward()).Message.ShouldContain("backward through the graph a second time");
    }

    [Fact]
    public void LeavesAndDetachedTensors()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var y = x * x;
        x.is_leaf.ShouldBeTrue();
        y.is_leaf.ShouldBeFalse();
        y.retain_grad();
        y.sum().backward();
        y.grad!.data<float>().ToArray().ShouldBe([1, 1]);
        y.detach().requires_grad.ShouldBeFalse();
        Should.Throw<ExternalException>(() => x.add_(1.0)).Message.ShouldContain("leaf");
    }
}
