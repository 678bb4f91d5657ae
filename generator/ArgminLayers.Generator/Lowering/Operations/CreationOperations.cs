using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering.Operations;

/// <summary>Tensors of numbers that are known: zeros, ones, the identity, and the positions along an axis.</summary>
internal static class CreationOperations
{
    public static IEnumerable<Operation> All => new[] { ("zeros", 0.0), ("ones", 1.0) }
        .SelectMany(one => new[] { "D", "NNNN", "NNN", "NN", "N" }.Select(kinds => new Operation(one.Item1, kinds, c => Filled(c, kinds, one.Item2)))
            .Append(new Operation(one.Item1 + "_like", "T", c => Filled(c, c.Axes(0), one.Item2))))
        .Concat(new[]
        {
            new Operation("eye", "N", c => c.Extent(0) is { } extent ? c.Builder.Delta(extent) : null),
            new Operation("arange", "N", c => c.Extent(0) is { } extent ? c.Builder.Iota(extent) : null),
        });

    private static int? Filled(TorchCall call, string kinds, double value)
    {
        var extents = kinds == "D" ? call.Extents(0) : Enumerable.Range(0, kinds.Length).Select(k => call.Extent(k)).ToList() is var each && each.All(extent => extent is not null)
            ? each.Select(extent => extent!.Value).ToList()
            : null;
        return extents is null ? null : Filled(call, extents.ToEquatable(), value);
    }

    private static int Filled(TorchCall call, EquatableArray<Extent> axes, double value) => axes.Count == 0
        ? call.Builder.Constant(value)
        : call.Builder.Contract(
            value, new Factor[0], Enumerable.Range(0, axes.Count).ToList(), Enumerable.Range(0, axes.Count).ToDictionary(label => label, label => axes[label]));
}
