using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>Where the tests that are marked for every device run.</summary>
public static class TestDevices
{
    /// <summary>The devices of this machine: the CPU, and CUDA where there is one.</summary>
    public static readonly IReadOnlyList<string> Names = cuda.is_available() ? ["cpu", "cuda"] : ["cpu"];

    /// <summary>One row a device.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>One row a device and dtype.</summary>
    public static TheoryData<string, ScalarType> AndDtypes => With([ScalarType.Float32, ScalarType.Float64]);

    /// <summary>One row a device and value.</summary>
    public static TheoryData<string, T> With<T>(IEnumerable<T> values)
    {
        var rows = new TheoryData<string, T>();
        foreach (var value in values)
        {
            foreach (var device in Names)
                rows.Add(device, value);
        }
        return rows;
    }

    /// <summary>Fails for a tensor of another dtype, or elsewhere.</summary>
    internal static void ShouldBeOn(this Tensor tensor, string device, ScalarType dtype, string what)
    {
        tensor.device_type.ShouldBe(device == "cuda" ? DeviceType.CUDA : DeviceType.CPU, what);
        tensor.dtype.ShouldBe(dtype, what);
    }
}
