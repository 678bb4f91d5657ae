using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Functions with a derivative written in C#.</summary>
public sealed class CustomFunctionTests
{
    private sealed class ScaledProduct : autograd.SingleTensorFunction<ScaledProduct>
    {
        public override string Name => nameof(ScaledProduct);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            Tensor a = (Tensor)vars[0], b = (Tensor)vars[2];
            ctx.save_for_backward([a, b]);
            ctx.save_data("scale", vars[1]);
            return a * b * (double)vars[1];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            double scale = (double)ctx.get_data("scale");
            return [grad_output * saved[1] * scale, null!, grad_output * saved[0] * scale];
        }
    }

    private sealed class SumAndDifference : autograd.MultiTensorFunction<SumAndDifference>
    {
        public override string Name => nameof(SumAndDifference);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars) =>
            [(Tensor)vars[0] + (Tensor)vars[1], (Tensor)vars[0] - (Tensor)vars[1]];

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) =>
            [grad_outputs[0] + grad_outputs[1], grad_outputs[0] - grad_outputs[1]];
    }

    private sealed class Failing : autograd.SingleTensorFunction<Failing>
    {
        public override string Name => nameof(Failing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) =>
            vars.Length > 1 ? throw new InvalidTimeZoneException("forward") : ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new InvalidTimeZoneException("backward");
    }

    private sealed class TooFewGradients : autograd.SingleTensorFunction<TooFewGradients>
    {
        public override string Name => nameof(TooFewGradients);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => (Tensor)vars[0] + (Tensor)vars[1];

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class Passing : autograd.SingleTensorFunction<Passing>
    {
        public override string Name => nameof(Passing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0]]);
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            ctx.get_saved_variables()[0].Dispose();
            return [grad_output];
        }
    }

    [Fact]
    public void ArgumentsThatAreNoTensorsGetNoGradient()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new double[] { 1, 2 }, requires_grad: true);
        var b = tensor(new double[] { 3, 5 }, requires_grad: true);
        var product = ScaledProduct.apply(a, 2.0, b);
        product.data<double>().ToArray().ShouldBe([6, 20]);
        product.sum().backward();
        a.grad!.data<double>().ToArray().ShouldBe([6, 10]);
        b.grad!.data<double>().ToArray().ShouldBe([2, 4]);
    }

    [Fact]
    public void SeveralOutputsAndAnUnusedOne()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new double[] { 1, 2 }, requires_grad: true);
        var b = tensor(new double[] { 3, 5 }, requires_grad: true);
        var outputs = SumAndDifference.apply(a, b);
        (outputs[1] * tensor(new double[] { 1, 10 })).sum().backward();
        a.grad!.data<double>().ToArray().ShouldBe([1, 10]);
        b.grad!.data<double>().ToArray().ShouldBe([-1, -10]);
    }

    [Fact]
    public void WithoutGradientsThereIsNoNode()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        using (no_grad())
            Passing.apply(x).requires_grad.ShouldBeFalse();
        Passing.apply(x.detach()).requires_grad.ShouldBeFalse();
        Passing.apply(x).requires_grad.ShouldBeTrue();
    }

    [SkippableFact]
    public void ExceptionsComeOutAsTheyAre()
    {
        SystemLibtorchOnly.Promise("exceptions leave a custom backward");
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        Should.Throw<InvalidTimeZoneException>(() => Failing.apply(x, 1)).Message.ShouldBe("forward");
        var output = Failing.apply(x);
        Should.Throw<InvalidTimeZoneException>(() => output.sum().backward()).Message.ShouldBe("backward");
        Should.Throw<InvalidTimeZoneException>(() => autograd.grad([Failing.apply(x).sum()], [x])).Message.ShouldBe("backward");
        Should.Throw<InvalidOperationException>(() => TooFewGradients.apply(x, x).sum().backward()).Message.ShouldContain("TooFewGradients returned an incorrect number of gradients");
    }

    [SkippableFact]
    public void ErrorsOfGradAreExceptions()
    {
        SystemLibtorchOnly.Promise("errors of autograd.grad are exceptions");
        using var scope = NewDisposeScope();
        var x = ones(2, requires_grad: true);
        var unrelated = ones(2, requires_grad: true);
        Should.Throw<ExternalException>(() => autograd.grad([x.sum()], [unrelated])).Message.ShouldContain("not have been used in the graph");
        Should.Throw<ExternalException>(() => autograd.grad([x * 2.0], [x])).Message.ShouldContain("grad can be implicitly created only for scalar outputs");
        Should.Throw<ExternalException>(() => ones(2).sum().backward()).Message.ShouldContain("does not require grad");
        autograd.grad([x.sum()], [unrelated], allow_unused: true)[0].ShouldBeNull();
    }

    [SkippableFact]
    public void CallbacksRunOnForeignThreads()
    {
        SystemLibtorchOnly.Promise("callbacks on any thread");
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            try
            {
                using var scope = NewDisposeScope();
                var x = full(2, (double)i, dtype: float64).requires_grad_();
                for (int k = 0; k < 100; k++)
                    ScaledProduct.apply(x, 1.0, x).sum().backward();
                x.grad!.data<double>().ToArray().ShouldBe([200.0 * i, 200.0 * i]);
            }
            catch (Exception e)
            {
                lock (failures)
                    failures.Add(e);
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        failures.ShouldBeEmpty();
    }

    [SkippableFact]
    public void NoNodeOutlivesItsOutputs()
    {
        SystemLibtorchOnly.Promise("nodes are freed with their outputs");
        var x = ones(2, requires_grad: true);
        var data = new WeakReference[50];
        Build(x, data);
        Collect();
        GC.Collect();
        data.Count(w => w.IsAlive).ShouldBe(0);
        x.Dispose();

        static void Build(Tensor x, WeakReference[] data)
        {
            using var scope = NewDisposeScope();
            var current = x;
            for (int i = 0; i < data.Length; i++)
            {
                object witness = 1.0 + i * 1e-3;
                data[i] = new WeakReference(witness);
                current = ScaledProduct.apply(current, witness, x);
            }
            current.sum().backward();
        }
    }

    /// <summary>Every node of a long chain goes when its end does, with the tensors and the managed data that it holds.</summary>
    [SkippableFact]
    public void DeepGraphsAreFreedWithoutRecursion()
    {
        SystemLibtorchOnly.Promise("deep graphs are freed without recursion");
        Collect();
        long before = Tensor.TotalCount;
        var data = new WeakReference[64_000];
        BuildAndFree(data);
        Collect();
        GC.Collect();
        data.Count(w => w.IsAlive).ShouldBe(0);
        Tensor.TotalCount.ShouldBe(before);

        static void BuildAndFree(WeakReference[] data)
        {
            using var x = ones(1, requires_grad: true);
            var end = x.alias();
            for (int i = 0; i < data.Length; i++)
            {
                object witness = 1.0;
                data[i] = new WeakReference(witness);
                var next = ScaledProduct.apply(end, witness, x);
                end.Dispose();
                end = next;
            }
            data.Count(w => w.IsAlive).ShouldBe(data.Length);
            end.Dispose();
        }
    }

    // Forward's own output wrappers belong to nobody outside of a scope.
    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void SecondDerivativesWithCreateGraph()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2 }, requires_grad: true);
        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true, retain_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];
        second.data<double>().ToArray().ShouldBe([6, 12]);
    }
}
