namespace TorchSharp;

/// <summary>Numbers to and from tensors of one element, and what else is convenient with tensors.</summary>
public static partial class TensorExtensionMethods
{
    public static float ToSingle(this torch.Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this torch.Tensor value) => value.ToScalar().ToDouble();
    public static Half ToHalf(this torch.Tensor value) => value.ToScalar().ToHalf();
    public static sbyte ToSByte(this torch.Tensor value) => value.ToScalar().ToSByte();
    public static byte ToByte(this torch.Tensor value) => value.ToScalar().ToByte();
    public static short ToInt16(this torch.Tensor value) => value.ToScalar().ToInt16();
    public static int ToInt32(this torch.Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this torch.Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this torch.Tensor value) => value.ToScalar().ToBoolean();

    /// <summary>A copy of an array as a tensor of the given sizes.</summary>
    public static torch.Tensor ToTensor<T>(this T[] rawArray, long[] dimensions, bool doCopy = false, bool requires_grad = false)
    {
        var array = doCopy ? (Array)rawArray.Clone() : rawArray;
        using var flat = torch.from_array(array);
        return Finish(flat.reshape(dimensions), requires_grad);
    }

    public static torch.Tensor ToTensor<T>(this T scalar, torch.Device? device = null, bool requires_grad = false) where T : struct
    {
        using var one = torch.from_array(new[] { scalar }, null, device);
        using var plain = one.clone();
        return Finish(plain.reshape(), requires_grad);
    }

    internal static torch.Tensor ToTensor(this Scalar scalar) => scalar.Kind switch
    {
        Interop.ValueKind.Real => torch.tensor(scalar.Real),
        Interop.ValueKind.Boolean => torch.tensor(scalar.ToBoolean()),
        _ => torch.tensor(scalar.Integer),
    };

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (size, length) => size * length);

    public static int ElementSize(this torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
        torch.ScalarType.ComplexFloat64 => 16,
        _ => throw new NotImplementedException($"The element size of {type} is not known."),
    };

    public static ReadOnlySpan<int> IntShape(this torch.Tensor tensor) => Array.ConvertAll(tensor.shape, n => (int)n);

    private static torch.Tensor Finish(torch.Tensor tensor, bool requires_grad) => requires_grad ? tensor.requires_grad_() : tensor;
}
