using System.Runtime.CompilerServices;

namespace TorchSharp.Interop;

/// <summary>
/// An argument on its way to an operator. It keeps a reference to what it was made from, so that a tensor cannot be finalized while
/// libtorch reads it. <c>default</c> leaves the argument at the default of the operator's schema; a null is None.
/// </summary>
internal readonly struct Value
{
    internal readonly object? Reference;
    internal readonly long Bits;
    internal readonly ValueKind Kind;

    private Value(ValueKind kind, object? reference, long bits)
    {
        Kind = kind;
        Reference = reference;
        Bits = bits;
    }

    internal static Value None => new(ValueKind.None, null, 0);

    /// <summary>Several tensors, some of which may be null (a <c>Tensor?[]</c>).</summary>
    internal static Value Optionals(IReadOnlyList<torch.Tensor?> tensors) => new(ValueKind.OptionalTensorList, tensors, 0);

    public static implicit operator Value(torch.Tensor? tensor) =>
        tensor is null ? None : new Value(ValueKind.Tensor, tensor, tensor.Handle);

    public static implicit operator Value(Scalar? scalar) => scalar is null ? None : new Value(scalar.Kind, null, scalar.Bits);

    public static implicit operator Value(long value) => new(ValueKind.Integer, null, value);
    public static implicit operator Value(long? value) => value is { } v ? v : None;
    public static implicit operator Value(double value) => new(ValueKind.Real, null, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Value(double? value) => value is { } v ? v : None;
    public static implicit operator Value(bool value) => new(ValueKind.Boolean, null, Unsafe.BitCast<bool, byte>(value));
    public static implicit operator Value(bool? value) => value is { } v ? v : None;
    public static implicit operator Value(torch.ScalarType type) => new(ValueKind.Integer, null, (long)type);
    public static implicit operator Value(torch.ScalarType? type) => type is { } t ? t : None;
    public static implicit operator Value(string? text) => text is null ? None : new Value(ValueKind.Text, text, 0);
    public static implicit operator Value(torch.Device? device) => device is null ? None : new Value(ValueKind.Device, device, 0);
    public static implicit operator Value(torch.Generator? generator) => generator is null ? None : new Value(ValueKind.Generator, generator, 0);
    public static implicit operator Value(long[]? list) => list is null ? None : new Value(ValueKind.IntegerList, list, 0);
    public static implicit operator Value(double[]? list) => list is null ? None : new Value(ValueKind.RealList, list, 0);
    public static implicit operator Value(bool[]? list) => list is null ? None : new Value(ValueKind.BooleanList, list, 0);
    public static implicit operator Value(torch.Tensor[]? list) => list is null ? None : new Value(ValueKind.TensorList, list, 0);
    public static implicit operator Value(List<torch.Tensor> list) => new(ValueKind.TensorList, list, 0);
}
