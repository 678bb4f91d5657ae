namespace ArgminLayers.Tests;

/// <summary>A number as the sum of two doubles, with about 31 digits: what tests compare ill-conditioned solutions with (Dekker 1971; Knuth's exact sum).</summary>
internal readonly record struct DoubleDouble(double High, double Low)
{
    public static implicit operator DoubleDouble(double value) => new(value, 0);

    public static explicit operator double(DoubleDouble value) => value.High + value.Low;

    public static DoubleDouble operator +(DoubleDouble x, DoubleDouble y)
    {
        var (high, highError) = Sum(x.High, y.High);
        var (low, lowError) = Sum(x.Low, y.Low);
        var first = Renormalised(high, highError + low);
        return Renormalised(first.High, first.Low + lowError);
    }

    public static DoubleDouble operator -(DoubleDouble x) => new(-x.High, -x.Low);

    public static DoubleDouble operator -(DoubleDouble x, DoubleDouble y) => x + -y;

    public static DoubleDouble operator *(DoubleDouble x, DoubleDouble y)
    {
        var product = x.High * y.High;
        var error = Math.FusedMultiplyAdd(x.High, y.High, -product);
        return Renormalised(product, error + ((x.High * y.Low) + (x.Low * y.High)));
    }

    public static DoubleDouble operator /(DoubleDouble x, DoubleDouble y)
    {
        var first = x.High / y.High;
        var rest = x - (y * first);
        var second = rest.High / y.High;
        rest -= y * second;
        return Renormalised(first, second) + (rest.High / y.High);
    }

    public static DoubleDouble Abs(DoubleDouble x) => x.High < 0 ? -x : x;

    private static (double Sum, double Error) Sum(double x, double y)
    {
        var sum = x + y;
        var part = sum - x;
        return (sum, x - (sum - part) + (y - part));
    }

    private static DoubleDouble Renormalised(double high, double low)
    {
        var sum = high + low;
        return new(sum, low - (sum - high));
    }
}
