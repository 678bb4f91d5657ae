using TorchSharp;

namespace ArgminLayers;

/// <summary>The numbers that tensor operations take. Rooted here, because a temporary <see cref="Scalar"/> can be finalised while libtorch reads it.</summary>
internal static class Scalars
{
    public static readonly Scalar Zero = 0.0.ToScalar();
    public static readonly Scalar One = 1.0.ToScalar();
    public static readonly Scalar MinusOne = (-1.0).ToScalar();
    public static readonly Scalar Two = 2.0.ToScalar();
    public static readonly Scalar Three = 3.0.ToScalar();
    public static readonly Scalar Half = 0.5.ToScalar();
    public static readonly Scalar Four = 4.0.ToScalar();
    public static readonly Scalar Infinity = double.PositiveInfinity.ToScalar();
    public static readonly Scalar NaN = double.NaN.ToScalar();
}
