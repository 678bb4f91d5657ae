using ArgminLayers.Tests.OnEveryDevice;

namespace Gallery.Tests.OnEveryDevice;

/// <summary>The gallery's fixtures on every device: dense, diagonal, factored and block Hessians, convex and not, vectors, matrices and numbers.</summary>
[Trait("Device", "every")]
public class KnownSolutionTests
{
    public static TheoryData<string> Devices => TestDevices.All;

    [Theory]
    [MemberData(nameof(Devices))]
    public void Every_fixture_of_the_gallery_has_its_solution_and_Jacobian(string device)
    {
        foreach (var name in FixtureTests.Names.Select(row => (string)row[0]).Distinct())
        {
            FixtureTests.Check(name, 1, device);
        }
    }
}
