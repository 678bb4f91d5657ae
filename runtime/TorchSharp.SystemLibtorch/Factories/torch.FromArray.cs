using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor on the memory of an array: writing to one changes the other, where type and device need no copy.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device ?? CPU);

    /// <inheritdoc cref="from_array(Array, Device?)"/>
    public static unsafe Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RefuseNames(names);
        var type = ToScalarType(rawArray.GetType().GetElementType()!);
        var pinned = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        long[] size = Lengths(rawArray);
        nint handle;
        int status;
        fixed (long* s = size)
            status = Native.shim_tensor_from_memory(pinned.AddrOfPinnedObject(), s, size.Length, (int)type, GCHandle.ToIntPtr(pinned), &FreePinned, &handle);
        if (status != 0)
            pinned.Free();
        Native.Check(status);
        return Leaf(Placed(new Tensor(handle), dtype, InitializeDevice(device)), requires_grad);
    }

    [UnmanagedCallersOnly]
    private static void FreePinned(long pinned) => GCHandle.FromIntPtr((nint)pinned).Free();
}
