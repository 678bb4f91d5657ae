using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>How a quotient becomes an integer.</summary>
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public partial class Tensor
    {
        /// <summary>The transpose of a matrix.</summary>
        public Tensor T => Aten.numpy_T.Call(this);

        /// <summary>The transposes of a batch of matrices.</summary>
        public Tensor mT => Aten.mT.Call(this);

        public Tensor H => Aten.matrix_H.Call(this);

        public Tensor mH => Aten.mH.Call(this);

        /// <summary>Sets all elements to 0, and returns a wrapper of its own (TorchSharp's returns a new tensor).</summary>
        public Tensor zero_()
        {
            Aten.zero_.Update(this);
            return new Tensor(ShareHandle());
        }

        public Tensor squeeze_(long? dim = null) => dim is { } d ? Aten.squeeze__dim.Update(this, d) : Aten.squeeze_.Update(this);

        public Tensor unflatten(long dim, params long[] sizes)
        {
            if (dim < 0 || dim >= ndim)
                throw new ArgumentException($"Invalid 'dim' argument: {dim}.");
            if (sizes.Length == 0)
                throw new ArgumentException("The number of output sizes is zero.");
            long[] before = shape;
            return Aten.view.Call(this, (long[])[.. before[..(int)dim], .. sizes, .. before[((int)dim + 1)..]]);
        }

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        public IList<Tensor> nonzero_as_list()
        {
            using var indices = nonzero();
            return indices.chunk(ndim, 1);
        }

        private static string? Rounding(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();

        private static Tensor IndexTensor(IEnumerable<long> indices) => tensor(indices.ToArray());

        private Tensor Moment(Operator moment, long[] dimensions, bool unbiased, bool keepdim, ScalarType? type)
        {
            if (type is null || type == dtype)
                return moment.Call(this, dimensions, unbiased, keepdim);
            using var converted = to_type(type.Value);
            return moment.Call(converted, dimensions, unbiased, keepdim);
        }

        private (Tensor, Tensor) Moments(Operator moments, long[] dimensions, bool unbiased, bool keepdim, ScalarType? type)
        {
            if (type is null || type == dtype)
                return moments.Call2(this, dimensions, unbiased, keepdim);
            using var converted = to_type(type.Value);
            return moments.Call2(converted, dimensions, unbiased, keepdim);
        }

        private (Tensor, Tensor?, Tensor?) Unique(bool sorted, bool inverse, bool counts, int? dim)
        {
            var found = dim is { } d
                ? Aten.unique_dim.Call3(this, (long)d, sorted, inverse, counts)
                : Aten._unique2.Call3(this, sorted, inverse, counts);
            return Wanted(found, inverse, counts);
        }

        private (Tensor, Tensor?, Tensor?) UniqueConsecutive(bool inverse, bool counts, int? dim) =>
            Wanted(Aten.unique_consecutive.Call3(this, inverse, counts, (long?)dim), inverse, counts);

        private static (Tensor, Tensor?, Tensor?) Wanted((Tensor Values, Tensor Inverse, Tensor Counts) found, bool inverse, bool counts)
        {
            if (!inverse)
                found.Inverse?.Dispose();
            if (!counts)
                found.Counts?.Dispose();
            return (found.Values, inverse ? found.Inverse : null, counts ? found.Counts : null);
        }
    }
}
