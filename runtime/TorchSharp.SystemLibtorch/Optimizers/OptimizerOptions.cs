namespace TorchSharp.Modules;

/// <summary>What a group of parameters is optimised with; null takes the optimizer's own value.</summary>
public class OptimizerOptions
{
    public OptimizerOptions()
    {
    }

    internal OptimizerOptions(double rate)
    {
        LearningRate = rate;
        InitialLearningRate = rate;
    }

    public double? LearningRate { get; set; }

    public double InitialLearningRate { get; set; }

    public virtual void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(InitialLearningRate);
        writer.Write(LearningRate!.Value);
    }

    public virtual void LoadStateDict(BinaryReader reader)
    {
        InitialLearningRate = reader.ReadDouble();
        LearningRate = reader.ReadDouble();
    }

    public virtual void LoadStateDict(OptimizerOptions source)
    {
        InitialLearningRate = source.InitialLearningRate;
        LearningRate = source.LearningRate;
    }

    /// <summary>Takes what is not set from the optimizer's own options.</summary>
    internal virtual void FillFrom(OptimizerOptions defaults) => LearningRate ??= defaults.LearningRate;
}
