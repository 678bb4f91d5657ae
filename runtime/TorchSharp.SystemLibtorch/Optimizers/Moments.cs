using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// What Adam and AdamW remember about a parameter, by reference to the fields that the state of each has of its own: the number t of steps,
/// the running averages m of the gradient and v of its square, and with amsgrad the largest v̂ that v has been (Reddi et al. 2018).
/// </summary>
internal readonly ref struct Moments(ref long step, ref Tensor mean, ref Tensor square, ref Tensor largest)
{
    private readonly ref long _step = ref step;
    private readonly ref Tensor _mean = ref mean, _square = ref square, _largest = ref largest;

    internal void Initialize(Parameter parameter, bool amsgrad)
    {
        Dispose();
        _step = 0;
        _mean = zeros_like(parameter).DetachFromDisposeScope();
        _square = zeros_like(parameter).DetachFromDisposeScope();
        _largest = amsgrad ? zeros_like(parameter).DetachFromDisposeScope() : null!;
    }

    /// <summary>
    /// m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², x ← x − η / (1 − β₁ᵗ) · m / (√(v / (1 − β₂ᵗ)) + ε) (Kingma and Ba 2015).
    /// Weight decay λ is a part of the gradient, g + λ x, or apart from it, x ← (1 − η λ) x (Loshchilov and Hutter 2019).
    /// </summary>
    internal void Step(Tensor parameter, Tensor gradient, double rate, MomentOptions options, bool decayApart)
    {
        if (options.Maximize)
            gradient = Aten.neg.Call(gradient);
        if (decayApart)
            Aten.mul__Scalar.Update(parameter, 1 - rate * options.Decay);
        else if (options.Decay != 0)
            gradient = Aten.add_Tensor.Call(gradient, parameter, options.Decay);
        _step++;
        Aten.mul__Scalar.Update(_mean, options.Beta1);
        Aten.add__Tensor.Update(_mean, gradient, 1 - options.Beta1);
        Aten.mul__Scalar.Update(_square, options.Beta2);
        Aten.addcmul_.Update(_square, gradient, gradient, 1 - options.Beta2);
        var root = Aten.sqrt.Call(options.AmsGrad ? Largest() : _square);
        Aten.div__Scalar.Update(root, Math.Sqrt(1 - Math.Pow(options.Beta2, _step)));
        Aten.add__Scalar.Update(root, options.Eps);
        Aten.addcdiv_.Update(parameter, _mean, root, -rate / (1 - Math.Pow(options.Beta1, _step)));
    }

    internal void Save(BinaryWriter writer)
    {
        writer.Write(_step);
        _mean.Save(writer);
        _square.Save(writer);
        OptimizerState.SaveConditionalStateTensor(writer, _largest);
    }

    internal void Load(BinaryReader reader, Device device)
    {
        _step = reader.ReadInt64();
        _mean.Load(reader);
        _square.Load(reader);
        OptimizerState.LoadConditionalStateTensor(reader, ref _largest, device);
    }

    internal void CopyFrom(Moments other, Device device)
    {
        _step = other._step;
        _mean = OptimizerState.Copied(other._mean, _mean, device);
        _square = OptimizerState.Copied(other._square, _square, device);
        _largest = OptimizerState.Copied(other._largest, _largest, device);
    }

    internal bool ApproximatelyEquals(Moments other) =>
        _step == other._step && _mean.allclose(other._mean) && _square.allclose(other._square)
        && (_largest is null || _largest.allclose(other._largest));

    internal void MoveTo(Device device)
    {
        _mean = OptimizerState.Moved(_mean, device);
        _square = OptimizerState.Moved(_square, device);
        _largest = OptimizerState.Moved(_largest, device);
    }

    internal void Dispose()
    {
        _mean?.Dispose();
        _square?.Dispose();
        _largest?.Dispose();
    }

    private Tensor Largest()
    {
        var before = _largest;
        _largest = Aten.maximum.Call(before, _square).DetachFromDisposeScope();
        before.Dispose();
        return _largest;
    }
}
