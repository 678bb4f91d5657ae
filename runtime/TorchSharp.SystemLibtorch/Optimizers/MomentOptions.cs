namespace TorchSharp.Modules;

/// <summary>The options that Adam and AdamW have in common, by reference to the fields that each has of its own; null where not set.</summary>
internal readonly ref struct MomentOptions(ref double? beta1, ref double? beta2, ref double? eps, ref double? decay, ref bool? amsgrad, ref bool? maximize)
{
    private readonly ref double? _beta1 = ref beta1, _beta2 = ref beta2, _eps = ref eps, _decay = ref decay;
    private readonly ref bool? _amsgrad = ref amsgrad, _maximize = ref maximize;

    internal double Beta1 => _beta1!.Value;

    internal double Beta2 => _beta2!.Value;

    internal double Eps => _eps!.Value;

    internal double Decay => _decay!.Value;

    internal bool AmsGrad => _amsgrad!.Value;

    internal bool Maximize => _maximize!.Value;

    internal void Set(double beta1, double beta2, double eps, double decay, bool amsgrad, bool maximize) =>
        (_beta1, _beta2, _eps, _decay, _amsgrad, _maximize) = (beta1, beta2, eps, decay, amsgrad, maximize);

    /// <exception cref="ArgumentException">One of the options, or the learning rate, is out of its range.</exception>
    internal void Check(double rate)
    {
        if (rate < 0)
            throw new ArgumentException($"Invalid learning rate: {rate}");
        if (Eps < 0)
            throw new ArgumentException($"Invalid ε: {Eps}");
        if (Beta1 is < 0 or >= 1)
            throw new ArgumentException($"Invalid beta1: {Beta1}");
        if (Beta2 is < 0 or >= 1)
            throw new ArgumentException($"Invalid beta2: {Beta2}");
        if (Decay < 0)
            throw new ArgumentException($"Invalid weight_decay value: {Decay}");
    }

    internal void FillFrom(MomentOptions defaults)
    {
        _beta1 ??= defaults._beta1;
        _beta2 ??= defaults._beta2;
        _eps ??= defaults._eps;
        _decay ??= defaults._decay;
        _amsgrad ??= defaults._amsgrad;
        _maximize ??= defaults._maximize;
    }

    internal void CopyFrom(MomentOptions other) =>
        (_beta1, _beta2, _eps, _decay, _amsgrad, _maximize) = (other._beta1, other._beta2, other._eps, other._decay, other._amsgrad, other._maximize);

    internal void Save(BinaryWriter writer)
    {
        writer.Write(Beta1);
        writer.Write(Beta2);
        writer.Write(Eps);
        writer.Write(Decay);
        writer.Write(AmsGrad);
        writer.Write(Maximize);
    }

    internal void Load(BinaryReader reader)
    {
        _beta1 = reader.ReadDouble();
        _beta2 = reader.ReadDouble();
        _eps = reader.ReadDouble();
        _decay = reader.ReadDouble();
        _amsgrad = reader.ReadBoolean();
        _maximize = reader.ReadBoolean();
    }
}
