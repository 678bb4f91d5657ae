namespace TorchSharp.Interop;

/// <summary>Tensors to handles and back, for the shim's functions that take or return arrays of them.</summary>
internal static unsafe class Handles
{
    /// <summary>The handles of tensors; 0 for a null one. Keep the tensors alive past the native call.</summary>
    internal static nint[] Of(IList<torch.Tensor>? tensors)
    {
        if (tensors is null || tensors.Count == 0)
            return [];
        var handles = new nint[tensors.Count];
        for (int i = 0; i < handles.Length; i++)
            handles[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
        return handles;
    }

    /// <summary>Wraps handles that native code hands over, and frees the array that they came in.</summary>
    internal static torch.Tensor?[] Wrap(nint* handles, long count)
    {
        var tensors = new torch.Tensor?[count];
        for (int i = 0; i < count; i++)
            tensors[i] = handles[i] == 0 ? null : new torch.Tensor(handles[i]);
        Native.shim_free_handles(handles);
        return tensors;
    }

    /// <inheritdoc cref="Wrap"/>
    internal static List<torch.Tensor> WrapList(nint* handles, long count)
    {
        var tensors = new List<torch.Tensor>((int)count);
        for (int i = 0; i < count; i++)
            tensors.Add(handles[i] == 0 ? null! : new torch.Tensor(handles[i]));
        Native.shim_free_handles(handles);
        return tensors;
    }
}
