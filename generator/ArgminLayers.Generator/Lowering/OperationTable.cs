using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Lowering.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>How a call is lowered.</summary>
/// <param name="Name">
/// The member's name, whether on the tensor, on <c>torch</c> or in <c>nn.functional</c>; of linalg with that in front, and with <c>this.</c> where the tensor's own
/// member takes its arguments in another order.
/// </param>
/// <param name="Kinds">The kinds of its leading arguments, those of <see cref="TorchArgument"/>, M for a condition; the others must have their defaults.</param>
/// <param name="Lower">The rule.</param>
internal sealed record Operation(string Name, string Kinds, Func<TorchCall, int?> Lower)
{
    public const char Tensor = 'T';

    public const char Condition = 'M';

    /// <summary>Whether a dtype and a device may be given that are those of a tensor: what it makes has them from nothing else.</summary>
    public bool TakesTypeOfTensor { get; init; }
}

/// <summary>Every operation of TorchSharp that an objective may use. What is not listed is refused.</summary>
internal static class OperationTable
{
    public static readonly IReadOnlyList<Operation> All = ElementwiseOperations.All
        .Concat(ChoiceOperations.All)
        .Concat(ReductionOperations.All)
        .Concat(LayoutOperations.All)
        .Concat(MatrixOperations.All)
        .ToList();

    private static readonly ILookup<string, Operation> ByName = All.ToLookup(operation => operation.Name);

    /// <summary>The rule for a call, or null: the one that explains the most arguments and leaves only defaults or dtypes over.</summary>
    public static Operation? Find(string name, TorchArguments arguments)
    {
        var kinds = arguments.Kinds;
        var ofMember = arguments.All.Count > 0 && arguments.All[0].Name == "this" ? ByName["this." + name] : Enumerable.Empty<Operation>();
        return ofMember.Concat(ByName[name])
            .Where(operation => kinds.StartsWith(operation.Kinds.Replace(Operation.Condition, Operation.Tensor), StringComparison.Ordinal)
                && arguments.All.Take(operation.Kinds.Length).All(given => given.Kind != Operation.Tensor || !IsNull(given))
                && arguments.All.Skip(operation.Kinds.Length).All(extra => extra.IsDefault || !IsPartOfAnother(name, arguments)))
            .OrderByDescending(operation => operation.Kinds.Length)
            .FirstOrDefault();
    }

    /// <summary>A dtype where a sum's axes could stand is reported as such, not as an argument too many.</summary>
    private static bool IsPartOfAnother(string name, TorchArguments arguments) => name is "sum" or "mean" && arguments.Kinds == "TY";

    private static bool IsNull(TorchArgument argument) => argument.Operation.ConstantValue is { HasValue: true, Value: null };
}
