using System.Text.Json;
using RankPool.Data;
using RankPool.Networks;
using RankPool.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

/// <summary>
/// The networks beside torchvision's AlexNet and ResNet-18, and beside Caffe's reference model written down with PyTorch's functions: make_network_features.py has
/// computed the features of one frame with weights that a formula gives, and has noted the names and shapes of their state dicts.
/// </summary>
public class PublishedNetworkTests
{
    private sealed record Expected(int Side, double Length, double Sum, int Step, double[] Features, Dictionary<string, long[]> Shapes);

    [Theory]
    [InlineData("alexnet")]
    [InlineData("resnet18")]
    [InlineData("caffenet")]
    public void A_state_dict_with_the_names_of_the_original_gives_its_features(string name)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var expected = JsonSerializer.Deserialize<Dictionary<string, Expected>>(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Files", "network-features.json")), JsonSerializerOptions.Web)![name];
        using (var stream = File.Create(folder["weights.safetensors"]))
            Safetensors.Write(stream, expected.Shapes.Index().ToDictionary(entry => entry.Item.Key, entry => Weights(entry.Item.Key, entry.Item.Value, entry.Index)), new Dictionary<string, string>());
        using var network = NetworkChoice.Of(name).Create(new FrameSize(expected.Side, expected.Side, 3), 0);
        network.eval();

        WeightImport.Into(network, folder["weights.safetensors"]).Unknown.ShouldBeEmpty();
        using var noGradient = no_grad();
        var features = network.call(Frame(expected.Side)).reshape(-1).to(ScalarType.Float64).data<double>().ToArray();

        var tolerance = 1e-4 * features.Max();
        features.Where((_, i) => i % expected.Step == 0).ShouldBe(expected.Features, tolerance);
        features.Sum().ShouldBe(expected.Sum, 1e-5 * expected.Sum);
        Math.Sqrt(features.Sum(x => x * x)).ShouldBe(expected.Length, 1e-5 * expected.Length);
    }

    /// <summary>value() of the script.</summary>
    private static Tensor Weights(string name, long[] shape, int number)
    {
        var values = new float[shape.Aggregate(1L, (product, extent) => product * extent)];
        var scale = Math.Sqrt(24.0 * shape[0] / values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            var u = Hashed((uint)i, (uint)number);
            values[i] = (float)(name.EndsWith("running_var", StringComparison.Ordinal) ? 1 + u
                : shape.Length > 1 ? u * scale
                : name.EndsWith("weight", StringComparison.Ordinal) ? 1 + 0.5 * u : 0.2 * u);
        }
        return tensor(values, shape);
    }

    /// <summary>hashed() of the script.</summary>
    private static double Hashed(uint i, uint number)
    {
        unchecked
        {
            var h = i * 2654435761 + number * 40503 + 12345;
            h = (h ^ (h >> 15)) * 2246822519;
            h = (h ^ (h >> 13)) * 3266489917;
            return (h ^ (h >> 16)) / 4294967296.0 - 0.5;
        }
    }

    /// <summary>frame() of the script, with values from 0 to 1.</summary>
    private static Tensor Frame(int side)
    {
        var values = new float[3 * side * side];
        for (var i = 0; i < values.Length; i++)
        {
            var (c, y, x) = (i / (side * side), i / side % side, i % side);
            values[i] = (x * x + 3 * y * (c + 1) + 57 * c) / 7 % 256 / 255f;
        }
        return tensor(values, [1, 3, side, side]);
    }
}
