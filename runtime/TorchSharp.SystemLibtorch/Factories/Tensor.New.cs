using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor new_empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.empty_memory_format, size.ToArray(), dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.empty_memory_format, [size], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.empty_memory_format, [rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_empty(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.empty_memory_format, [dim0, dim1, dim2], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_empty(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.empty_memory_format, [dim0, dim1, dim2, dim3], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.empty_memory_format, size, dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Leaf(Aten.full.Call(size.ToArray(), value, dtype ?? this.dtype, default, device ?? this.device), requires_grad);
        public Tensor new_full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Leaf(Aten.full.Call((long[])[size], value, dtype ?? this.dtype, default, device ?? this.device), requires_grad);
        public Tensor new_full(long rows, long columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Leaf(Aten.full.Call((long[])[rows, columns], value, dtype ?? this.dtype, default, device ?? this.device), requires_grad);
        public Tensor new_full(long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Leaf(Aten.full.Call((long[])[dim0, dim1, dim2], value, dtype ?? this.dtype, default, device ?? this.device), requires_grad);
        public Tensor new_full(long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Leaf(Aten.full.Call((long[])[dim0, dim1, dim2, dim3], value, dtype ?? this.dtype, default, device ?? this.device), requires_grad);
        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Leaf(Aten.full.Call(size, value, dtype ?? this.dtype, default, device ?? this.device), requires_grad);
        public Tensor new_ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.ones, [size], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.ones, [rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_ones(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.ones, [dim0, dim1, dim2], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_ones(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.ones, [dim0, dim1, dim2, dim3], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.zeros, size.ToArray(), dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.zeros, [size], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.zeros, [rows, columns], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.zeros, [dim0, dim1, dim2], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_zeros(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.zeros, [dim0, dim1, dim2, dim3], dtype ?? this.dtype, device ?? this.device, requires_grad, null);
        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Create(Aten.zeros, size, dtype ?? this.dtype, device ?? this.device, requires_grad, null);

        /// <summary>Gives this tensor a size and zeros.</summary>
        public Tensor zeros(params long[] sizes) => Rewritten(Aten.zeros_out, sizes);

        /// <summary>Gives this tensor a size and ones.</summary>
        public Tensor ones(params long[] sizes) => Rewritten(Aten.ones_out, sizes);

        /// <summary>Gives this tensor a size, and elements that are not set.</summary>
        public Tensor empty(params long[] sizes) => Rewritten(Aten.empty_out, sizes);

        /// <summary>Gives this tensor a size and one value everywhere.</summary>
        public Tensor full(long[] sizes, Scalar value)
        {
            Aten.full_out.Update(this, sizes, value);
            return new Tensor(ShareHandle());
        }

        public Tensor full(ReadOnlySpan<long> sizes, Scalar value) => full(sizes.ToArray(), value);

        /// <summary>Gives this tensor the size rows × columns, with ones on the diagonal.</summary>
        public Tensor eye(long rows, long columns)
        {
            Aten.eye_m_out.Update(this, rows, columns);
            return new Tensor(ShareHandle());
        }

        private Tensor Rewritten(Operator factory, long[] sizes)
        {
            factory.Update(this, sizes);
            return new Tensor(ShareHandle());
        }
    }
}
