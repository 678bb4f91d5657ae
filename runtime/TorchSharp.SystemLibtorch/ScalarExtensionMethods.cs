using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Numbers to <see cref="Scalar"/> and back.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => OfInteger(value);
    public static Scalar ToScalar(this sbyte value) => OfInteger(value);
    public static Scalar ToScalar(this short value) => OfInteger(value);
    public static Scalar ToScalar(this int value) => OfInteger(value);
    public static Scalar ToScalar(this long value) => OfInteger(value);
    public static Scalar ToScalar(this Half value) => OfReal((double)value);
    public static Scalar ToScalar(this float value) => OfReal(value);
    public static Scalar ToScalar(this double value) => OfReal(value);
    public static Scalar ToScalar(this bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static Half ToHalf(this Scalar value) => (Half)value.Real;
    public static float ToSingle(this Scalar value) => (float)value.Real;
    public static double ToDouble(this Scalar value) => value.Real;
    public static sbyte ToSByte(this Scalar value) => checked((sbyte)value.Integer);
    public static byte ToByte(this Scalar value) => checked((byte)value.Integer);
    public static short ToInt16(this Scalar value) => checked((short)value.Integer);
    public static int ToInt32(this Scalar value) => checked((int)value.Integer);
    public static long ToInt64(this Scalar value) => value.Integer;
    public static bool ToBoolean(this Scalar value) => value.Real != 0;

    private static Scalar OfInteger(long value) => new(ValueKind.Integer, value);

    private static Scalar OfReal(double value) => new(ValueKind.Real, BitConverter.DoubleToInt64Bits(value));
}
