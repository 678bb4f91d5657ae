using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>From start to before stop; Int64 where all three numbers are integers.</summary>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        bool integers = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        dtype ??= integers ? ScalarType.Int64 : get_default_dtype();
        return Leaf(Aten.arange_start_step.Call(start, stop, step, dtype, default, InitializeDevice(device)), requires_grad);
    }

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(Aten.linspace.Call(start, end, steps, dtype ?? get_default_dtype(), default, InitializeDevice(device)), requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Leaf(Aten.logspace.Call(start, end, steps, @base, dtype ?? get_default_dtype(), default, InitializeDevice(device)), requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RefuseNames(names);
        return Leaf(Aten.eye_m.Call(rows, columns == -1 ? rows : columns, dtype ?? get_default_dtype(), default, InitializeDevice(device)), requires_grad);
    }

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RefuseNames(names);
        return Leaf(Aten.empty_strided.Call(size, strides, dtype ?? get_default_dtype(), default, InitializeDevice(device)), requires_grad);
    }

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Leaf(Aten.randperm_generator.Call(n, generator, dtype ?? ScalarType.Int64, default, InitializeDevice(device)), requires_grad);

    public static Tensor randperm(long n, Tensor @out, Generator? generator = null) => Aten.randperm_generator_out.Update(@out, n, generator);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
    {
        var sample = randn(size, dtype, device, false, generator, names);
        Aten.mul__Scalar.Update(sample, std);
        Aten.add__Scalar.Update(sample, mean);
        return Leaf(sample, requires_grad);
    }

    public static Tensor normal(Tensor mean, Tensor std, Generator? generator = null) => Aten.normal_Tensor_Tensor.Call(mean, std, generator);

    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Aten.tril_indices.Call(row, col, offset, dtype, default, InitializeDevice(device));

    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Aten.triu_indices.Call(row, col, offset, dtype, default, InitializeDevice(device));
}
