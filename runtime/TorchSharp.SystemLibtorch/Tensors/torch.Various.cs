using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static string __version__ => Native.Version;

    public static Tensor divide_(Tensor left, Scalar right) => left.divide_(right);
    public static Tensor gather(Tensor input, long dim, Tensor index, bool sparse_grad = false) => Aten.gather.Call(input, dim, index, sparse_grad);
    public static Tensor moveaxis(Tensor input, (long, long) source, (long, long) destination) => input.movedim([source.Item1, source.Item2], [destination.Item1, destination.Item2]);
    public static Tensor moveaxis(Tensor input, (long, long, long) source, (long, long, long) destination) => input.movedim([source.Item1, source.Item2, source.Item3], [destination.Item1, destination.Item2, destination.Item3]);
    public static Tensor moveaxis(Tensor input, (long, long, long, long) source, (long, long, long, long) destination) => input.movedim([source.Item1, source.Item2, source.Item3, source.Item4], [destination.Item1, destination.Item2, destination.Item3, destination.Item4]);
    public static Tensor moveaxis(Tensor input, long source, long destination) => input.movedim([source], [destination]);
    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);
    public static Tensor norm(Tensor input) => input.norm();
    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
    public static Tensor[] unbind(Tensor tensor, int dim = 0) => tensor.unbind(dim);
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);
    public static Tensor[] where(Tensor condition) => Aten.where.CallList(condition);
    public static Tensor squeeze_(Tensor input, long? dim = null) => input.squeeze_(dim);
    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) => input.unflatten(dim, sizes);
    public static Tensor unflatten(Tensor input, long dim, Size sizes) => input.unflatten(dim, sizes);
    public static long numel(Tensor input) => input.numel();
    public static bool is_nonzero(Tensor input) => input.is_nonzero();
    public static bool is_tensor(object obj) => obj is Tensor;
    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)Aten.result_type_Tensor.CallScalar(tensor1, tensor2).ToInt64();
    public static ScalarType promote_types(ScalarType type1, ScalarType type2) => (ScalarType)Aten.promote_types.CallScalar(type1, type2).ToInt64();
    public static bool can_cast(ScalarType from, ScalarType to) => Aten.can_cast.CallBoolean(from, to);
    public static Tensor FloatTensor(Tensor t) => t.@float();
    public static Tensor DoubleTensor(Tensor t) => t.@double();
    public static Tensor LongTensor(Tensor t) => t.@long();
    public static Tensor IntTensor(Tensor t) => t.@int();
    public static Tensor ShortTensor(Tensor t) => t.@short();
    public static Tensor ByteTensor(Tensor t) => t.@byte();
    public static Tensor BoolTensor(Tensor t) => t.@bool();

    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);
    public static Tensor tensordot(Tensor a, Tensor b, (long, long)[] dims) => a.tensordot(b, dims);
    public static Tensor vander(Tensor x, long N = -1, bool increasing = false) => Aten.vander.Call(x, N == -1 ? default(long?) : N, increasing);

    public static Size broadcast_shapes(params long[][] shapes)
    {
        int dimensions = shapes.Length == 0 ? 0 : shapes.Max(s => s.Length);
        var result = Enumerable.Repeat(1L, dimensions).ToArray();
        foreach (long[] shape in shapes)
        {
            for (int i = 1; i <= shape.Length; i++)
            {
                ref long size = ref result[^i];
                if (size != shape[^i] && size != 1 && shape[^i] != 1)
                    throw new System.Runtime.InteropServices.ExternalException("Shape mismatch: objects cannot be broadcast to a single shape");
                if (size == 1)
                    size = shape[^i];
            }
        }
        return new Size(result);
    }
}
