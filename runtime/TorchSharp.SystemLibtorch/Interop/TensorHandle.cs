namespace TorchSharp.Interop;

/// <summary>
/// Owns one <c>at::Tensor*</c> and frees it when nobody does. Objects that are finalized are dear to make, and most tensors are
/// disposed: so their owners are kept, still registered for finalization, and own another tensor later.
/// </summary>
internal sealed class TensorHandle
{
    private const int MostSpare = 256;

    [ThreadStatic] private static Stack<TensorHandle>? _spare;

    private static long _count;
    private static long _mostCount;

    private nint _handle;
    private long _bytes;

    private TensorHandle()
    {
    }

    ~TensorHandle()
    {
        if (_handle != 0)
            Release();
    }

    internal static long Count => Interlocked.Read(ref _count);

    internal static long MostCount => Interlocked.Read(ref _mostCount);

    internal static TensorHandle Own(nint handle, long bytes)
    {
        var owner = _spare is { Count: > 0 } spare ? spare.Pop() : new TensorHandle();
        owner._handle = handle;
        long count = Interlocked.Increment(ref _count);
        if (count > _mostCount)
            _mostCount = count;
        if (bytes > 0)
            NativeMemoryBudget.Add(owner._bytes = bytes);
        return owner;
    }

    /// <summary>Frees the tensor. The caller must be the only one that knows this object, and forget it.</summary>
    internal void Free()
    {
        Release();
        Keep();
    }

    /// <summary>Forgets the tensor, which belongs to somebody else now.</summary>
    internal void GiveAway()
    {
        Forget();
        Keep();
    }

    private void Release()
    {
        nint handle = _handle;
        Forget();
        Native.shim_tensor_free(handle);
    }

    private void Forget()
    {
        _handle = 0;
        Interlocked.Decrement(ref _count);
        if (_bytes > 0)
            NativeMemoryBudget.Remove(_bytes);
        _bytes = 0;
    }

    private void Keep()
    {
        var spare = _spare ??= new Stack<TensorHandle>(MostSpare);
        if (spare.Count < MostSpare)
            spare.Push(this);
        else
            GC.SuppressFinalize(this);
    }
}
