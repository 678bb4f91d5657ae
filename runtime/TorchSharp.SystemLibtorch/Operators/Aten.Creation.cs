namespace TorchSharp.Interop;

internal static partial class Aten
{
    internal static readonly Operator arange_start_step = new("arange.start_step(start, end, step, dtype, layout, device)");
    internal static readonly Operator empty_like = new("empty_like(self, dtype, layout, device)");
    internal static readonly Operator empty_memory_format = new("empty.memory_format(size, dtype, layout, device)");
    internal static readonly Operator empty_out = new("empty.out(out, size)");
    internal static readonly Operator empty_strided = new("empty_strided(size, stride, dtype, layout, device)");
    internal static readonly Operator eye_m = new("eye.m(n, m, dtype, layout, device)");
    internal static readonly Operator full = new("full(size, fill_value, dtype, layout, device)");
    internal static readonly Operator full_like = new("full_like(self, fill_value, dtype, layout, device)");
    internal static readonly Operator full_out = new("full.out(out, size, fill_value)");
    internal static readonly Operator linspace = new("linspace(start, end, steps, dtype, layout, device)");
    internal static readonly Operator logspace = new("logspace(start, end, steps, base, dtype, layout, device)");
    internal static readonly Operator normal_Tensor_Tensor = new("normal.Tensor_Tensor(mean, std, generator)");
    internal static readonly Operator ones = new("ones(size, dtype, layout, device)");
    internal static readonly Operator ones_like = new("ones_like(self, dtype, layout, device)");
    internal static readonly Operator ones_out = new("ones.out(out, size)");
    internal static readonly Operator rand_generator = new("rand.generator(size, generator, dtype, layout, device)");
    internal static readonly Operator rand_like = new("rand_like(self, dtype, layout, device)");
    internal static readonly Operator randint_like_low_dtype = new("randint_like.low_dtype(self, low, high, dtype, layout, device)");
    internal static readonly Operator randint_low_generator = new("randint.low_generator(low, high, size, generator, dtype, layout, device)");
    internal static readonly Operator randn_generator = new("randn.generator(size, generator, dtype, layout, device)");
    internal static readonly Operator randn_like = new("randn_like(self, dtype, layout, device)");
    internal static readonly Operator randperm_generator = new("randperm.generator(n, generator, dtype, layout, device)");
    internal static readonly Operator randperm_generator_out = new("randperm.generator_out(out, n, generator)");
    internal static readonly Operator to_dtype_layout = new("to.dtype_layout(self, dtype, layout, device, pin_memory, non_blocking, copy)");
    internal static readonly Operator tril_indices = new("tril_indices(row, col, offset, dtype, layout, device)");
    internal static readonly Operator triu_indices = new("triu_indices(row, col, offset, dtype, layout, device)");
    internal static readonly Operator zeros = new("zeros(size, dtype, layout, device)");
    internal static readonly Operator zeros_like = new("zeros_like(self, dtype, layout, device)");
    internal static readonly Operator zeros_out = new("zeros.out(out, size)");
}
