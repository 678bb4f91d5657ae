using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering.Operations;

/// <summary>Products of vectors and matrices.</summary>
internal static class MatrixOperations
{
    public static IEnumerable<Operation> All => new[]
    {
        new Operation("dot", "TT", c => Ranks(c, 1, 1)),
        new Operation("mv", "TT", c => Ranks(c, 2, 1)),
        new Operation("mm", "TT", c => Ranks(c, 2, 2)),
        new Operation("matmul", "TT", MatrixProduct),
    };

    private static int? Ranks(TorchCall call, int left, int right) => call.Rank(0) == left && call.Rank(1) == right
        ? call.Shapes.MatrixProduct(call.Syntax, call.Name, call.Tensors[0], call.Tensors[1], left - 1, 0)
        : call.Mismatch(call.Tensors[0], call.Tensors[1]);

    private static int? MatrixProduct(TorchCall call) => call.Rank(0) is 1 or 2 && call.Rank(1) is 1 or 2
        ? Ranks(call, call.Rank(0), call.Rank(1))
        : call.Mismatch(call.Tensors[0], call.Tensors[1]);
}
