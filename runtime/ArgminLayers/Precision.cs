using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>The spacing ε of a dtype's numbers at 1.</summary>
internal static class Precision
{
    /// <summary>κε above which nothing that a system of condition κ gave is trusted.</summary>
    public const double Exhausted = 0.01;

    private const double Single = 1.0 / (1 << 23);
    private const double Double = 1.0 / (1L << 52);

    private static readonly Scalar SingleFourthPower = Math.Pow(Single, 4).ToScalar();
    private static readonly Scalar DoubleFourthPower = Math.Pow(Double, 4).ToScalar();
    private static readonly Scalar SingleScalar = Single.ToScalar();
    private static readonly Scalar DoubleScalar = Double.ToScalar();

    private static readonly Scalar SingleRoot = Math.Sqrt(Single).ToScalar();
    private static readonly Scalar DoubleRoot = Math.Sqrt(Double).ToScalar();
    private static readonly Scalar SingleFour = (4 * Single).ToScalar();
    private static readonly Scalar DoubleFour = (4 * Double).ToScalar();
    private static readonly Scalar SingleSmallest = 1e-37.ToScalar();
    private static readonly Scalar DoubleSmallest = 1e-300.ToScalar();

    /// <summary>ε of float32 or float64.</summary>
    public static double Of(ScalarType dtype) => dtype == ScalarType.Float32 ? Single : Double;

    /// <summary>ε⁴ of float32 or float64, for tensor operations.</summary>
    public static Scalar FourthPowerOf(ScalarType dtype) => dtype == ScalarType.Float32 ? SingleFourthPower : DoubleFourthPower;

    /// <summary>√ε of float32 or float64, half of its digits, for tensor operations.</summary>
    public static Scalar RootOf(ScalarType dtype) => dtype == ScalarType.Float32 ? SingleRoot : DoubleRoot;

    /// <summary>4ε of float32 or float64, for tensor operations.</summary>
    public static Scalar FourOf(ScalarType dtype) => dtype == ScalarType.Float32 ? SingleFour : DoubleFour;

    /// <summary>What is divided by in place of zero: about the smallest number that keeps all of its digits.</summary>
    public static Scalar SmallestOf(ScalarType dtype) => dtype == ScalarType.Float32 ? SingleSmallest : DoubleSmallest;

    /// <summary>ε of float32 or float64, for tensor operations.</summary>
    public static Scalar ScalarOf(ScalarType dtype) => dtype == ScalarType.Float32 ? SingleScalar : DoubleScalar;
}
