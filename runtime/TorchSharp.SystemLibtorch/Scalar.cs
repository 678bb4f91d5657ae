using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>A number as an argument of an operator. Plain managed data: unlike TorchSharp's, nothing native stands behind it.</summary>
public sealed class Scalar : IDisposable
{
    private readonly ValueKind _kind;
    private readonly long _bits;
    private bool _disposed;

    internal Scalar(ValueKind kind, long bits)
    {
        _kind = kind;
        _bits = bits;
    }

    internal ValueKind Kind
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _kind;
        }
    }

    internal long Bits => _bits;

    /// <summary>The type that libtorch sees: Float64, Int64 or Bool.</summary>
    public torch.ScalarType Type => Kind switch
    {
        ValueKind.Real => torch.ScalarType.Float64,
        ValueKind.Boolean => torch.ScalarType.Bool,
        _ => torch.ScalarType.Int64,
    };

    internal double Real => Kind == ValueKind.Real ? BitConverter.Int64BitsToDouble(_bits) : _bits;

    internal long Integer => Kind == ValueKind.Real ? checked((long)BitConverter.Int64BitsToDouble(_bits)) : _bits;

    public void Dispose() => _disposed = true;

    public static implicit operator Scalar(byte value) => value.ToScalar();
    public static implicit operator Scalar(sbyte value) => value.ToScalar();
    public static implicit operator Scalar(short value) => value.ToScalar();
    public static implicit operator Scalar(int value) => value.ToScalar();
    public static implicit operator Scalar(long value) => value.ToScalar();
    public static implicit operator Scalar(Half value) => value.ToScalar();
    public static implicit operator Scalar(float value) => value.ToScalar();
    public static implicit operator Scalar(double value) => value.ToScalar();
    public static implicit operator Scalar(bool value) => value.ToScalar();
}
