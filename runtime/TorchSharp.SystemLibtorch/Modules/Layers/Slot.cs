namespace TorchSharp.Modules;

/// <summary>A tensor that a layer owns: outside of all dispose scopes, and disposed when another takes its place.</summary>
internal sealed class Slot<T> where T : torch.Tensor
{
    internal Slot(T? tensor) => Value = Own(tensor);

    internal T? Value { get; private set; }

    internal T? Replace(T? tensor)
    {
        if (!ReferenceEquals(tensor, Value))
        {
            Value?.Dispose();
            Value = Own(tensor);
        }
        return Value;
    }

    private static T? Own(T? tensor)
    {
        tensor?.DetachFromDisposeScope();
        return tensor;
    }
}
