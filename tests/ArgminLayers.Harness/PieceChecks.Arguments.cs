using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness;

/// <content>The arguments of an objective.</content>
public sealed partial class PieceChecks
{
    public static string VariableOf(Layer layer) =>
        layer.Objective.GetParameters().Single(parameter => parameter.GetCustomAttribute<ArgminAttribute>() is not null).Name!;

    public static List<string> InputsOf(Layer layer) => layer.Objective.GetParameters()
        .Where(parameter => parameter.ParameterType == typeof(Tensor) && parameter.GetCustomAttribute<ArgminAttribute>() is null)
        .Select(parameter => parameter.Name!).ToList();

    /// <summary>What the layer calls λ.</summary>
    private static string LambdaOf(Layer layer) => layer.Type.GetMethod("MixedVjp")!.GetParameters()[1].Name!;

    /// <summary>Random arguments that keep the parameters' promises.</summary>
    public static Dictionary<string, object> Draw(Layer layer, int seed, IReadOnlyDictionary<string, long> extents, long[] batch)
    {
        using var generator = new torch.Generator((ulong)seed);
        var random = new Random(seed);
        return layer.Objective.GetParameters().ToDictionary(parameter => parameter.Name!, object (parameter) =>
        {
            var promised = parameter.GetCustomAttribute<NonNegativeAttribute>() is not null || parameter.GetCustomAttribute<PositiveAttribute>() is not null;
            if (parameter.ParameterType == typeof(double))
            {
                return random.NextDouble() + 0.1;
            }

            if (parameter.ParameterType == typeof(int))
            {
                return random.Next(1, 4);
            }

            long[] shape = [.. batch, .. parameter.GetCustomAttribute<ShapeAttribute>()!.Extents.Select(e => e is int number ? number : extents[(string)e])];
            if (parameter.GetCustomAttribute<PositiveDefiniteAttribute>() is not null)
            {
                var root = randn(shape, dtype: ScalarType.Float64, generator: generator);
                return root.matmul(root.mT).add(0.1 * eye(shape[^1], dtype: ScalarType.Float64));
            }

            return promised ? rand(shape, dtype: ScalarType.Float64, generator: generator).add(0.1) : randn(shape, dtype: ScalarType.Float64, generator: generator);
        });
    }

    /// <summary>A random direction at a point: a tensor of its shape and dtype.</summary>
    public static Tensor Direction(Tensor point, int seed)
    {
        // Another stream than the arguments' own.
        using var generator = new torch.Generator(0x9E3779B97F4A7C15 ^ (ulong)seed);
        return randn(point.shape, dtype: point.dtype, generator: generator);
    }

    public static Dictionary<string, object> With(IReadOnlyDictionary<string, object> arguments, params (string Name, object Value)[] more)
    {
        var all = arguments.ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }
}
