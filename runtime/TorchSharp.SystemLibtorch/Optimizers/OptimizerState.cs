using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers about a parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(Device device)
    {
    }

    protected internal static void SaveConditionalStateTensor(BinaryWriter writer, Tensor tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected internal static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor result, Device device)
    {
        result?.Dispose();
        result = null!;
        if (!reader.ReadBoolean())
            return;
        using var read = TensorExtensionMethods.Load(reader);
        result = read.to(device).DetachFromDisposeScope();
    }

    internal static Tensor Copied(Tensor? source, Tensor? before, Device device)
    {
        before?.Dispose();
        return source?.to(device, copy: true).DetachFromDisposeScope()!;
    }

    internal static Tensor Moved(Tensor? tensor, Device device) => tensor?.to(device, disposeAfter: true).DetachFromDisposeScope()!;
}
