using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Batching;

/// <summary>How the inputs of a call make up a batch: all leading dimensions, broadcast as NumPy does and flattened to B problems.</summary>
internal sealed class BatchLayout
{
    private readonly long[] batchShape;

    private BatchLayout(long[] batchShape, long[] variableShape)
    {
        this.batchShape = batchShape;
        VariableShape = variableShape;
        Size = Product(batchShape);
        VariableSize = Product(variableShape);
    }

    /// <summary>B, the number of problems.</summary>
    public long Size { get; }

    /// <summary>The extents of the variable of one problem.</summary>
    public long[] VariableShape { get; }

    /// <summary>n, how many numbers the variable of one problem holds.</summary>
    public long VariableSize { get; }

    /// <summary>Refuses an objective whose inputs do not say how large its variable is.</summary>
    /// <exception cref="ArgumentException">Names the extent.</exception>
    public static void CheckDeclaration(ObjectiveInfo info)
    {
        foreach (var extent in info.Variable.Extents)
        {
            if (!IsNumber(extent, out _) && !info.Inputs.Any(input => input.Extents.Contains(extent)))
                throw new ArgumentException($"No input of {info.Name} has the extent {extent} of {info.Variable.Name}, so its size cannot be known.", nameof(info));
        }
    }

    /// <summary>Finds batch and extents, and refuses inputs that do not fit the objective or one another.</summary>
    /// <exception cref="ArgumentException">Names the parameter and, where it is an extent's, the symbol.</exception>
    public static BatchLayout Of(ObjectiveInfo info, IReadOnlyList<Tensor> inputs)
    {
        var extents = new Dictionary<string, (long Value, string Parameter)>();
        var batch = Array.Empty<long>();
        for (var i = 0; i < inputs.Count; i++)
        {
            var declared = info.Inputs[i];
            var shape = inputs[i].shape;
            var own = OwnRank(declared, shape);
            for (var k = 0; k < own; k++)
                Bind(extents, declared, declared.Extents[k], shape[shape.Length - own + k]);
            batch = Broadcast(batch, shape[..^own], declared.Name);
        }
        return new BatchLayout(batch, [.. info.Variable.Extents.Select(extent => IsNumber(extent, out var number) ? number : extents[extent].Value)]);
    }

    /// <summary>An input as (B, own extents…), or (1, own extents…) where every problem shares it.</summary>
    public Tensor Flatten(Tensor input, int ownRank)
    {
        var shape = input.shape;
        var own = shape[^ownRank..];
        var leading = shape[..^ownRank];
        if (Product(leading) == 1)
            return input.reshape([1, .. own]);
        return leading.SequenceEqual(batchShape)
            ? input.reshape([Size, .. own])
            : input.expand([.. batchShape, .. own]).reshape([Size, .. own]);
    }

    /// <summary>A start for every problem, (B, n), from one that broadcasts over the batch.</summary>
    /// <exception cref="ArgumentException">The start does not have y's shape.</exception>
    public Tensor FlattenStart(Tensor start, TensorInfo variable)
    {
        var shape = start.shape;
        var own = VariableShape.Length;
        if (shape.Length < own || !shape[^own..].SequenceEqual(VariableShape))
            throw new ArgumentException($"start has shape {Text(shape)}; {variable.Name} has shape (…, {string.Join(", ", VariableShape)}).", nameof(start));
        var leading = shape[..^own];
        if (!Broadcast(batchShape, leading, nameof(start)).SequenceEqual(batchShape))
            throw new ArgumentException($"start has batch dimensions {Text(leading)}, which do not broadcast to the inputs' {Text(batchShape)}.", nameof(start));
        return start.expand([.. batchShape, .. VariableShape]).reshape(Size, VariableSize);
    }

    /// <summary>Minimisers (B, n) as (batch dimensions…, y's own extents): themselves where that is their shape, without another node in autograd's graph.</summary>
    public Tensor Unflatten(Tensor y) => batchShape.Length == 1 && VariableShape.Length == 1 ? y : y.reshape([.. batchShape, .. VariableShape]);

    private static int OwnRank(TensorInfo declared, long[] shape)
    {
        var own = declared.Extents.Count;
        if (shape.Length < own)
            throw new ArgumentException($"{declared.Name} has shape {Text(shape)}; it needs at least {own} dimensions: (…, {string.Join(", ", declared.Extents)}).", declared.Name);
        if (Array.IndexOf(shape, 0) is >= 0 and var empty)
            throw new ArgumentException($"{declared.Name} has shape {Text(shape)}; dimension {empty} is empty, and there is nothing to minimise over.", declared.Name);
        return own;
    }

    private static void Bind(Dictionary<string, (long Value, string Parameter)> extents, TensorInfo declared, string extent, long value)
    {
        if (IsNumber(extent, out var number))
        {
            if (number != value)
                throw new ArgumentException($"{declared.Name} has an extent of {value} where {number} is declared: (…, {string.Join(", ", declared.Extents)}).", declared.Name);
        }
        else if (!extents.TryGetValue(extent, out var known))
        {
            extents.Add(extent, (value, declared.Name));
        }
        else if (known.Value != value)
        {
            throw new ArgumentException($"{extent} is {known.Value} in {known.Parameter} but {value} in {declared.Name}.", declared.Name);
        }
    }

    private static long[] Broadcast(long[] left, long[] right, string parameter)
    {
        var result = new long[Math.Max(left.Length, right.Length)];
        for (var k = 1; k <= result.Length; k++)
        {
            var l = k <= left.Length ? left[^k] : 1;
            var r = k <= right.Length ? right[^k] : 1;
            if (l != r && l != 1 && r != 1)
                throw new ArgumentException($"{parameter} has batch dimensions {Text(right)}, which do not broadcast with {Text(left)} of the inputs before it.", parameter);
            result[^k] = l == 1 ? r : l;
        }
        return result;
    }

    private static bool IsNumber(string extent, out long number) => long.TryParse(extent, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static long Product(long[] extents) => extents.Aggregate(1L, (product, extent) => product * extent);

    private static string Text(long[] shape) => $"({string.Join(", ", shape)})";
}
