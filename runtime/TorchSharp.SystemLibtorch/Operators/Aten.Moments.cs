namespace TorchSharp.Interop;

internal static partial class Aten
{
    internal static readonly Operator std = new("std(self, unbiased)");
    internal static readonly Operator std_dim = new("std.dim(self, dim, unbiased, keepdim)");
    internal static readonly Operator std_mean = new("std_mean(self, unbiased)");
    internal static readonly Operator std_mean_dim = new("std_mean.dim(self, dim, unbiased, keepdim)");
    internal static readonly Operator var = new("var(self, unbiased)");
    internal static readonly Operator var_dim = new("var.dim(self, dim, unbiased, keepdim)");
    internal static readonly Operator var_mean = new("var_mean(self, unbiased)");
    internal static readonly Operator var_mean_dim = new("var_mean.dim(self, dim, unbiased, keepdim)");
}
