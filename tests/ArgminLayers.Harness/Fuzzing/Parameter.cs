using TorchSharp;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>A parameter of a random objective.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NumberType">"double" or "int"; null for a tensor.</param>
/// <param name="Axes">A tensor's extents: symbols or numbers.</param>
/// <param name="Sign">What it promises.</param>
/// <param name="IsVariable">Whether the objective is minimised over it.</param>
internal sealed record Parameter(string Name, string? NumberType, IReadOnlyList<string> Axes, Sign Sign, bool IsVariable)
{
    public bool IsTensor => NumberType is null;

    public string Declaration
    {
        get
        {
            var attributes = new List<string>();
            if (IsVariable)
            {
                attributes.Add("Argmin");
            }

            if (IsTensor)
            {
                attributes.Add(Axes.Count == 0 ? "Shape" : $"Shape({string.Join(", ", Axes.Select(axis => char.IsDigit(axis[0]) ? axis : $"\"{axis}\""))})");
            }

            if (Sign != Sign.Any)
            {
                attributes.Add(Sign.ToString());
            }

            return (attributes.Count > 0 ? $"[{string.Join(", ", attributes)}] " : "") + $"{NumberType ?? "Tensor"} {Name}";
        }
    }

    public long[] Shape(IReadOnlyDictionary<string, long> extents) => Axes.Select(axis => extents.TryGetValue(axis, out var extent) ? extent : long.Parse(axis)).ToArray();

    /// <summary>A random value that keeps the promise.</summary>
    public object Draw(Random random, IReadOnlyDictionary<string, long> extents)
    {
        switch (NumberType)
        {
            case "double":
                return random.NextDouble() + 0.2;
            case "int":
                return random.Next(1, 4);
        }

        var shape = Shape(extents);
        var values = new double[shape.Aggregate(1L, (product, extent) => product * extent)];
        for (var k = 0; k < values.Length; k++)
        {
            values[k] = Sign == Sign.Any ? (2.4 * random.NextDouble()) - 1.2 : random.NextDouble() + 0.15;
        }

        return torch.tensor(values, shape, dtype: torch.ScalarType.Float64);
    }
}
