using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>A device and a dtype for the same numbers. What is computed there is compared with what the CPU computes in float64 from plainer inputs, which other tests have proven.</summary>
/// <param name="Device">Where tensors live.</param>
/// <param name="Dtype">float32 or float64.</param>
internal sealed record Placement(string Device, ScalarType Dtype)
{
    /// <summary>The CPU in float64.</summary>
    public static readonly Placement Plain = new("cpu", ScalarType.Float64);

    /// <summary>How near to the plain values.</summary>
    private double Tolerance => Dtype == ScalarType.Float32 ? 1e-4 : 1e-9;

    /// <summary>A device that is another one than this: tensors without storage on the CPU, the CPU otherwise.</summary>
    public torch.Device Other => torch.device(Device == "cpu" ? "meta" : "cpu");

    /// <summary>Numbers that float32 holds, as a constant.</summary>
    public Tensor Constant(Tensor values) => values.detach().to(float32).to(Dtype).to(Device);

    /// <summary>Numbers that float32 holds, as a leaf that gets a gradient.</summary>
    public Tensor Leaf(Tensor values) => Constant(values).clone().requires_grad_();

    /// <summary>1, 2, … count.</summary>
    public Tensor Positions(long count) => Constant(arange(1, count + 1));

    /// <summary>1, 1, ….</summary>
    public Tensor Ones(params long[] shape) => Constant(ones(shape));

    /// <summary>Fails unless a tensor is here, and near to the plain one.</summary>
    public void Close(Tensor actual, Tensor plain, string what = "")
    {
        actual.ShouldBeOn(Device, Dtype, what);
        actual.shape.ShouldBe(plain.shape, what);
        Compare.RelativeError(actual, plain).ShouldBeLessThanOrEqualTo(Tolerance, what);
    }
}
