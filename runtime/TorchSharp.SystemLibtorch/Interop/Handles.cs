namespace TorchSharp.Interop;

/// <summary>Tensors to handles and back, for the shim's functions that take or return arrays of them.</summary>
internal static unsafe class Handles
{
    /// <summary>The handles of tensors; 0 for a null one. Keep the tensors alive past the native call.</summary>
    internal static nint[] Of(IEnumerable<torch.Tensor?>? tensors) =>
        tensors is null ? [] : [.. tensors.Select(t => t is null ? 0 : t.Handle)];

    /// <summary>Wraps handles that native code hands over, and frees the array that they came in.</summary>
    internal static torch.Tensor?[] Wrap(nint* handles, long count)
    {
        var tensors = new torch.Tensor?[count];
        for (int i = 0; i < count; i++)
            tensors[i] = handles[i] == 0 ? null : new torch.Tensor(handles[i]);
        Native.shim_free_handles(handles);
        return tensors;
    }
}
