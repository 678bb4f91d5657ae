using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Batching;

/// <summary>What is asked of inputs before any work: dtype, device, promises and finite values.</summary>
internal static class InputChecks
{
    /// <summary>Refuses inputs that are missing, disposed, or not all of one floating dtype on one device.</summary>
    /// <exception cref="ArgumentException">Names the parameter.</exception>
    public static void Kind(ObjectiveInfo info, IReadOnlyList<Tensor> inputs)
    {
        if (inputs.Count != info.Inputs.Count)
            throw new ArgumentException($"{info.Name} takes {info.Inputs.Count} inputs ({string.Join(", ", info.Inputs.Select(input => input.Name))}) but got {inputs.Count}.", nameof(inputs));
        for (var i = 0; i < inputs.Count; i++)
        {
            var name = info.Inputs[i].Name;
            Usable(inputs[i], name);
            if (i > 0)
                SameKind(inputs[i], name, inputs[0], info.Inputs[0].Name);
        }
    }

    /// <summary>Refuses a start of another dtype or device than the inputs, or one that is not finite.</summary>
    /// <exception cref="ArgumentException">Says which.</exception>
    public static void Start(ObjectiveInfo info, Tensor start, Tensor input)
    {
        Usable(start, nameof(start));
        SameKind(start, nameof(start), input, info.Inputs[0].Name);
        using var scope = NewDisposeScope();
        if (start.isfinite().all().item<bool>())
            return;
        var own = info.Variable.Extents.Count;
        var isBatch = start.dim() > own;
        var size = start.shape[^Math.Min(own, start.shape.Length)..].Aggregate(1L, static (product, extent) => product * extent);
        var finite = Host.Booleans(start.isfinite().reshape(-1, size).all(1));
        throw new ArgumentException($"start is not finite (NaN or infinity){(isBatch ? $" in problem {Array.IndexOf(finite, false)} of the batch" : "")}.", nameof(start));
    }

    /// <summary>Refuses values that break a promise which smoothness and convexity rest on.</summary>
    /// <param name="info">The objective.</param>
    /// <param name="inputs">The inputs as (B or 1, own extents…).</param>
    /// <exception cref="ArgumentException">Names the parameter and the problem.</exception>
    public static void Promises(ObjectiveInfo info, IReadOnlyList<Tensor> inputs)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            var declared = info.Inputs[i];
            if (declared.LengthOf is { } extent)
                Lengths(info, declared, inputs[i], SizeOf(info, inputs, extent));
            if (declared.Promise == Promise.None)
                continue;
            using var scope = NewDisposeScope();
            if (declared.Promise == Promise.PositiveDefinite)
            {
                Definite(info, declared.Name, inputs[i]);
                continue;
            }
            var broken = declared.Promise == Promise.Positive ? inputs[i].le(Scalars.Zero) : inputs[i].lt(Scalars.Zero);
            if (broken.any().item<bool>())
                Break(info, declared, broken, $"has an element that is {(declared.Promise == Promise.Positive ? "not positive" : "negative")}");
        }
    }

    /// <summary>Refuses lengths that are not whole numbers from 1 to the extent. One that is not finite is reported elsewhere.</summary>
    private static void Lengths(ObjectiveInfo info, TensorInfo declared, Tensor lengths, long size)
    {
        using var scope = NewDisposeScope();
        using var most = ((double)size).ToScalar();
        var finite = lengths.isfinite();
        var wrong = finite.logical_and(lengths.lt(Scalars.One).logical_or(lengths.gt(most)).logical_or(lengths.ne(lengths.floor())));
        if (wrong.any().item<bool>())
        {
            var index = Array.IndexOf(Host.Booleans(wrong.reshape(-1)), true);
            throw new ArgumentException(
                $"{declared.Name} is {lengths.reshape(-1)[index].ToDouble()} in problem {index} of the batch; {info.Name} wants a whole number from 1 to {size}, the size of '{declared.LengthOf}'.", declared.Name);
        }
    }

    private static long SizeOf(ObjectiveInfo info, IReadOnlyList<Tensor> inputs, string extent)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            for (var axis = 0; axis < info.Inputs[i].Extents.Count; axis++)
            {
                if (info.Inputs[i].Extents[axis] == extent)
                    return inputs[i].size(axis - info.Inputs[i].Extents.Count);
            }
        }
        throw new ArgumentException($"No input of {info.Name} has the extent {extent}.", nameof(info));
    }

    /// <summary>Refuses matrices that are not symmetric within rounding, or have no Cholesky factorisation. One that is not finite is reported elsewhere.</summary>
    private static void Definite(ObjectiveInfo info, string name, Tensor matrices)
    {
        var declared = info.Inputs.First(input => input.Name == name);
        using var grad = no_grad();
        var finite = matrices.isfinite().all(-1).all(-1, keepdim: true).unsqueeze(-1);
        var given = matrices.where(finite, eye(matrices.size(-1), dtype: matrices.dtype, device: matrices.device));
        using var rounding = (100 * Precision.Of(matrices.dtype)).ToScalar();
        var apart = given.sub(given.mT).abs().amax([-2, -1]);
        var askew = apart.gt(given.abs().amax([-2, -1]).mul(rounding));
        if (askew.any().item<bool>())
            Break(info, declared, askew, "is not symmetric");
        var (_, failed) = linalg.cholesky_ex(given);
        var indefinite = failed.ne(Scalars.Zero);
        if (indefinite.any().item<bool>())
            Break(info, declared, indefinite, "is not positive definite");
    }

    private static void Break(ObjectiveInfo info, TensorInfo declared, Tensor broken, string how)
    {
        var index = Array.IndexOf(Host.Booleans(broken.reshape(broken.size(0), -1).any(1)), true);
        throw new ArgumentException(
            $"{declared.Name} {how} in problem {index} of the batch; {info.Name} promises [{declared.Promise}], and its solution rests on that.", declared.Name);
    }

    /// <summary>Which problems have an input that is not finite, with the input's name.</summary>
    /// <param name="info">The objective.</param>
    /// <param name="inputs">The inputs as (B or 1, own extents…).</param>
    /// <param name="size">B.</param>
    /// <param name="unseen">An input that is not looked at, or null.</param>
    public static string?[] NotFinite(ObjectiveInfo info, IReadOnlyList<Tensor> inputs, long size, Tensor? unseen = null)
    {
        var names = new string?[size];
        for (var i = 0; i < inputs.Count; i++)
        {
            if (ReferenceEquals(inputs[i], unseen))
                continue;
            using var scope = NewDisposeScope();
            // A sum is one pass without a temporary; only where it overflows or holds NaN is every element looked at.
            if (PerProblem(inputs[i]).isfinite().all().item<bool>())
                continue;
            var finite = Host.Booleans(inputs[i].isfinite().reshape(inputs[i].size(0), -1).all(1));
            for (var b = 0; b < size; b++)
            {
                if (!finite[finite.Length == 1 ? 0 : b])
                    names[b] ??= info.Inputs[i].Name;
            }
        }
        return names;
    }

    private static Tensor PerProblem(Tensor input)
    {
        var dimensions = (int)input.dim();
        return dimensions == 1 ? input : input.sum([.. Enumerable.Range(1, dimensions - 1).Select(dimension => (long)dimension)]);
    }

    private static void Usable(Tensor tensor, string name)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.IsInvalid)
            throw new ArgumentException($"{name} is a tensor that has been disposed.", name);
        if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"{name} has dtype {tensor.dtype}; Float32 and Float64 are supported.", name);
    }

    private static void SameKind(Tensor tensor, string name, Tensor first, string firstName)
    {
        if (tensor.dtype != first.dtype)
            throw new ArgumentException($"{name} has dtype {tensor.dtype} but {firstName} has {first.dtype}; convert one of them.", name);
        if (tensor.device.ToString() != first.device.ToString())
            throw new ArgumentException($"{name} is on device {tensor.device} but {firstName} is on {first.device}; move one of them.", name);
    }
}
