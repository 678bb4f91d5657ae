using Shouldly;

/// <summary>Upper bounds on numbers that NaN does not meet: Shouldly's own order numbers as <see cref="double.CompareTo(double)"/> does, NaN first.</summary>
[ShouldlyMethods]
internal static class NumberAssertions
{
    public static void ShouldBeLessThan(this double actual, double expected, string? customMessage = null)
    {
        if (double.IsNaN(actual))
            throw new ShouldAssertException($"NaN is not less than {expected}. {customMessage}");
        ShouldBeTestExtensions.ShouldBeLessThan(actual, expected, customMessage);
    }

    public static void ShouldBeLessThanOrEqualTo(this double actual, double expected, string? customMessage = null)
    {
        if (double.IsNaN(actual))
            throw new ShouldAssertException($"NaN is not less than or equal to {expected}. {customMessage}");
        ShouldBeTestExtensions.ShouldBeLessThanOrEqualTo(actual, expected, customMessage);
    }
}
