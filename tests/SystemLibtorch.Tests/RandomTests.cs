using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Seeds, generators, and what initialisation draws.</summary>
public sealed class RandomTests
{
    [Fact]
    public void ASeedGivesPyTorchsNumbers()
    {
        using var scope = NewDisposeScope();
        manual_seed(0);
        float[] drawn = [.. randn(3).data<float>()];
        float[] expected = [1.5410f, -0.2934f, -2.1788f]; // torch.manual_seed(0); torch.randn(3)
        for (int i = 0; i < expected.Length; i++)
            drawn[i].ShouldBe(expected[i], 5e-5f);
    }

    [Fact]
    public void AGeneratorDrawsItsOwnSequence()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        float[] alone = Draw(null, 2);
        manual_seed(3);
        using var generator = new Generator(17);
        float[] first = Draw(generator, 5);
        Draw(null, 2).ShouldBe(alone);
        generator.manual_seed(17);
        generator.initial_seed().ShouldBe(17);
        Draw(generator, 5).ShouldBe(first);
        first.ShouldNotBe(Draw(generator, 5));
    }

    [Fact]
    public void AStateCanBeTakenBack()
    {
        using var scope = NewDisposeScope();
        var state = get_rng_state();
        float[] first = Draw(null, 4);
        set_rng_state(state);
        Draw(null, 4).ShouldBe(first);
    }

    [Fact]
    public void InitialValuesHaveTheSpreadOfTheirFormula()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var weight = empty(300, 200, dtype: float64);
        const double fanIn = 200, fanOut = 300;
        Spread(nn.init.uniform_(weight, -2, 4)).ShouldBe(6 / Math.Sqrt(12), 0.02);
        Spread(nn.init.normal_(weight, 1, 0.5)).ShouldBe(0.5, 0.005);
        weight.mean().item<double>().ShouldBe(1, 0.01);
        Spread(nn.init.xavier_uniform_(weight, 2)).ShouldBe(2 * Math.Sqrt(2 / (fanIn + fanOut)), 1e-3);
        Math.Abs(weight.abs().max().item<double>()).ShouldBeLessThanOrEqualTo(2 * Math.Sqrt(6 / (fanIn + fanOut)));
        Spread(nn.init.xavier_normal_(weight)).ShouldBe(Math.Sqrt(2 / (fanIn + fanOut)), 1e-3);
        Spread(nn.init.kaiming_uniform_(weight, nonlinearity: nn.init.NonlinearityType.ReLU)).ShouldBe(Math.Sqrt(2 / fanIn), 1e-3);
        Spread(nn.init.kaiming_normal_(weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU)).ShouldBe(Math.Sqrt(2 / fanOut), 1e-3);
        nn.init.trunc_normal_(weight, 0, 1, -0.5, 0.25);
        weight.min().item<double>().ShouldBeGreaterThanOrEqualTo(-0.5);
        weight.max().item<double>().ShouldBeLessThanOrEqualTo(0.25);
    }

    [Fact]
    public void InitialValuesThatAreNotDrawn()
    {
        using var scope = NewDisposeScope();
        nn.init.constant_(zeros(2), 1.5).data<float>().ToArray().ShouldBe([1.5f, 1.5f]);
        nn.init.zeros_(ones(1)).item<float>().ShouldBe(0);
        nn.init.ones_(zeros(1)).item<float>().ShouldBe(1);
        nn.init.eye_(zeros(2, 3)).data<float>().ToArray().ShouldBe([1, 0, 0, 0, 1, 0]);
        var q = nn.init.orthogonal_(empty(3, 5), 2);
        q.mm(q.t()).sub(4 * eye(3)).abs().max().item<float>().ShouldBeLessThan(1e-5f);
        nn.init.calculate_gain(nn.init.NonlinearityType.ReLU).ShouldBe(Math.Sqrt(2), 1e-15);
        nn.init.calculate_gain(nn.init.NonlinearityType.Tanh).ShouldBe(5.0 / 3, 1e-15);
        nn.init.calculate_gain(nn.init.NonlinearityType.LeakyReLU, 0.5).ShouldBe(Math.Sqrt(2 / 1.25), 1e-15);
        nn.init.CalculateFanInAndFanOut(empty(8, 3, 5, 5)).ShouldBe((75L, 200L));
    }

    private static float[] Draw(Generator? generator, long count)
    {
        using var drawn = rand([count], generator: generator!);
        return [.. drawn.data<float>()];
    }

    private static double Spread(Tensor tensor) => tensor.std().item<double>();
}
