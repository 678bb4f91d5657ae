namespace ArgminLayers.Tests;

/// <summary>A comparison that NaN passes proves nothing.</summary>
public class NumberAssertionTests
{
    [Fact]
    public void NaN_is_below_no_bound()
    {
        Should.Throw<ShouldAssertException>(() => double.NaN.ShouldBeLessThan(1));
        Should.Throw<ShouldAssertException>(() => double.NaN.ShouldBeLessThanOrEqualTo(1));
        0.5.ShouldBeLessThan(1);
    }
}
