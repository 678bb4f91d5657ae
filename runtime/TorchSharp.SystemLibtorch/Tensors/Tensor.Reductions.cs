using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => Aten.sum.Call(this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Aten.sum_dim_IntList.Call(this, dim, keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1, dim2], keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Aten.sum_dim_IntList.Call(this, dim, keepdim, type);
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => sum(dim.ToArray(), keepdim, type);
        public Tensor mean() => Aten.mean.Call(this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Aten.mean_dim.Call(this, dimensions, keepdim, type);
        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) => Aten.nanmean.Call(this, (long?)dim, keepdim, dtype);
        public Tensor nansum() => Aten.nansum.Call(this);
        public Tensor median() => Aten.median.Call(this);
        public Tensor nanmedian() => Aten.nanmedian.Call(this);
        public Tensor max() => Aten.max.Call(this);
        public Tensor max(Tensor other) => Aten.max_other.Call(this, other);
        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Aten.max_dim.Call2(this, dim, keepdim);
        public Tensor min() => Aten.min.Call(this);
        public Tensor min(Tensor other) => Aten.min_other.Call(this, other);
        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => Aten.min_dim.Call2(this, dim, keepdim);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amax(dims.ToArray(), keepdim, @out);
        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => @out is null ? Aten.amax.Call(this, dims, keepdim) : Aten.amax_out.Call(this, dims, keepdim, @out);
        public Tensor amax(params long[] dims) => amax(dims, false, null);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) => amin(dims.ToArray(), keepdim, @out);
        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => @out is null ? Aten.amin.Call(this, dims, keepdim) : Aten.amin_out.Call(this, dims, keepdim, @out);
        public Tensor amin(params long[] dims) => amin(dims, false, null);
        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) => Aten.aminmax.Call2(this, dim, keepdim);
        public Tensor argmax() => Aten.argmax.Call(this);
        public Tensor argmax(long dim, bool keepdim = false) => Aten.argmax.Call(this, dim, keepdim);
        public Tensor argmin() => Aten.argmin.Call(this);
        public Tensor argmin(long dim, bool keepdim = false) => Aten.argmin.Call(this, dim, keepdim);
        public Tensor any() => Aten.any.Call(this);
        public Tensor any(long dim, bool keepdim = false) => Aten.any_dim.Call(this, dim, keepdim);
        public Tensor all() => Aten.all.Call(this);
        public Tensor all(long dim, bool keepdim = false) => Aten.all_dim.Call(this, dim, keepdim);
        public Tensor prod(ScalarType? type = null) => Aten.prod.Call(this, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Aten.prod_dim_int.Call(this, dim, keepdim, type);
        public Tensor norm(float p = 2) => Aten.norm_ScalarOpt_dim.Call(this, (double)p, Array.Empty<long>(), false);
        public Tensor norm(int dim, bool keepdim = false, float p = 2) => Aten.norm_ScalarOpt_dim.Call(this, (double)p, (long)dim, keepdim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Aten.logsumexp.Call(this, dim, keepdim);
        public Tensor cumsum(long dim, ScalarType? type = null) => Aten.cumsum.Call(this, dim, type);
        public Tensor cumprod(long dim, ScalarType? type = null) => Aten.cumprod.Call(this, dim, type);
        public (Tensor values, Tensor indexes) cummax(long dim) => Aten.cummax.Call2(this, dim);
        public (Tensor values, Tensor indexes) cummin(long dim) => Aten.cummin.Call2(this, dim);
        public Tensor logcumsumexp(long dim) => Aten.logcumsumexp.Call(this, dim);
        public Tensor count_nonzero(long[]? dims = null) => Aten.count_nonzero_dim_IntList.Call(this, dims ?? []);
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) => Aten.topk.Call2(this, k, dim, largest, sorted);
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) => Aten.sort_stable.Call2(this, stable, dim, descending);
        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) => Aten.kthvalue.Call2(this, k, dim ?? -1, keepdim);
        public (Tensor values, Tensor indices) mode(long dim = -1, bool keepdim = false) => Aten.mode.Call2(this, dim, keepdim);
        public Tensor argsort(long dim = -1, bool descending = false) => Aten.argsort.Call(this, dim, descending);
        public Tensor msort() => Aten.msort.Call(this);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.quantile.Call(this, q, dim, keepdim);
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Aten.nanquantile.Call(this, q, dim, keepdim);
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Aten.histc.Call(this, bins, min, max);
        public Tensor bincount(Tensor? weights, long minlength = 0) => Aten.bincount.Call(this, weights, minlength);
        public Tensor dist(Tensor other, float p = 2) => Aten.dist.Call(this, other, (double)p);
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) => Unique(sorted, return_inverse, return_counts, dim);
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null) => UniqueConsecutive(return_inverse, return_counts, dim);
        public Tensor renorm(float p, long dim, float maxnorm) => Aten.renorm.Call(this, (double)p, dim, (double)maxnorm);
        public Tensor nonzero() => Aten.nonzero.Call(this);
        public Tensor argwhere() => Aten.argwhere.Call(this);
        public Tensor trapezoid(double dx = 1, long dim = -1) => Aten.trapezoid_dx.Call(this, dx, dim);
        public Tensor trapezoid(Tensor x, long dim = -1) => Aten.trapezoid_x.Call(this, x, dim);
        public Tensor cumulative_trapezoid(double dx = 1, long dim = -1) => Aten.cumulative_trapezoid_dx.Call(this, dx, dim);
        public Tensor cumulative_trapezoid(Tensor x, long dim = -1) => Aten.cumulative_trapezoid_x.Call(this, x, dim);
        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => Aten.cov.Call(this, correction, fweights, aweights);
        public Tensor corrcoef() => Aten.corrcoef.Call(this);
    }
}
