namespace TorchSharp.Interop;

internal static partial class Aten
{
    internal static readonly Operator index_Tensor = new("index.Tensor(self, indices)");
    internal static readonly Operator index_put_ = new("index_put_(self, indices, values, accumulate)");
    internal static readonly Operator is_nonzero = new("is_nonzero(self)");
    internal static readonly Operator item = new("item(self)");
    internal static readonly Operator scalar_tensor = new("scalar_tensor(s, dtype, layout, device)");
    internal static readonly Operator slice_Tensor = new("slice.Tensor(self, dim, start, end, step)");
    internal static readonly Operator squeeze_ = new("squeeze_(self)");
    internal static readonly Operator squeeze__dim = new("squeeze_.dim(self, dim)");
}
