using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What a <see cref="NativeValue"/> is; the same numbers as <c>shim::Kind</c>.</summary>
internal enum ValueKind
{
    Default = 0,
    None = 1,
    Tensor = 2,
    Integer = 3,
    Real = 4,
    Boolean = 5,
    IntegerList = 6,
    RealList = 7,
    BooleanList = 8,
    TensorList = 9,
    OptionalTensorList = 10,
    Text = 11,
    Device = 12,
    Generator = 13,
}

/// <summary>One argument or result of an operator, as it crosses to the shim.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    internal long Kind;
    internal long Length;
    internal long Bits;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorInfo
{
    internal long Dimensions;
    internal long* Sizes;
    internal long* Strides;
    internal long Elements;
    internal long Offset;
    internal int ScalarType;
    internal int ElementSize;
    internal int DeviceType;
    internal int DeviceIndex;
    internal int Layout;
    internal int Flags;
}

/// <summary>The functions of the shim (native/shim.cpp). Calls that only read a field skip the transition of the garbage collector.</summary>
internal static unsafe partial class Native
{
    private const string Library = "TorchSharpShim";

    [LibraryImport(Library)] internal static partial byte* shim_last_message();
    [LibraryImport(Library)] internal static partial long shim_last_managed_exception();
    [LibraryImport(Library)] internal static partial byte* shim_version();
    [LibraryImport(Library)] internal static partial int shim_load_cuda();

    [LibraryImport(Library)] internal static partial int shim_operator_find(byte* name, byte* overload, nint* found);
    [LibraryImport(Library)] internal static partial byte* shim_operator_arguments(nint op);
    [LibraryImport(Library)] internal static partial int shim_operator_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity);
    [LibraryImport(Library)] internal static partial void shim_free_handles(nint* handles);

    [LibraryImport(Library)][SuppressGCTransition] internal static partial int shim_tensor_info(nint tensor, TensorInfo* info);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial int shim_tensor_sizes(nint tensor, long* dimensions, long** sizes);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial int shim_tensor_peek(nint tensor, int* scalarType, long* elements, double* bits);
    [LibraryImport(Library)] internal static partial int shim_tensor_data(nint tensor, nint* data);
    [LibraryImport(Library)] internal static partial int shim_tensor_from_memory(nint data, long* sizes, long dimensions, int scalarType, long owner, delegate* unmanaged<long, void> release, nint* tensor);
    [LibraryImport(Library)] internal static partial void shim_tensor_free(nint tensor);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial int shim_tensor_share(nint tensor, nint* shared);
    [LibraryImport(Library)][SuppressGCTransition] internal static partial int shim_tensor_grad(nint tensor, nint* grad);
    [LibraryImport(Library)] internal static partial int shim_tensor_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial int shim_tensor_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial int shim_tensor_retain_grad(nint tensor);

    [LibraryImport(Library)][SuppressGCTransition] internal static partial int shim_grad_enabled();
    [LibraryImport(Library)][SuppressGCTransition] internal static partial void shim_set_grad_enabled(int value);
    [LibraryImport(Library)] internal static partial int shim_inference_enabled();
    [LibraryImport(Library)] internal static partial int shim_inference_enter(int value, nint* mode);
    [LibraryImport(Library)] internal static partial void shim_inference_leave(nint mode);
    [LibraryImport(Library)] internal static partial int shim_num_threads();
    [LibraryImport(Library)] internal static partial int shim_num_interop_threads();
    [LibraryImport(Library)] internal static partial int shim_set_num_threads(int value);
    [LibraryImport(Library)] internal static partial int shim_set_num_interop_threads(int value);
    [LibraryImport(Library)] internal static partial int shim_default_dtype();
    [LibraryImport(Library)] internal static partial int shim_set_default_dtype(int value);
    [LibraryImport(Library)] internal static partial int shim_cuda_devices();
    [LibraryImport(Library)] internal static partial int shim_cuda_synchronize(int index);

    [LibraryImport(Library)] internal static partial int shim_manual_seed(long seed);
    [LibraryImport(Library)] internal static partial int shim_generator_default(nint* generator);
    [LibraryImport(Library)] internal static partial int shim_generator_new(long seed, int deviceType, int deviceIndex, nint* generator);
    [LibraryImport(Library)] internal static partial void shim_generator_free(nint generator);
    [LibraryImport(Library)] internal static partial int shim_generator_set_seed(nint generator, long seed);
    [LibraryImport(Library)] internal static partial int shim_generator_seed(nint generator, long* seed);
    [LibraryImport(Library)] internal static partial int shim_generator_state(nint generator, nint* state);
    [LibraryImport(Library)] internal static partial int shim_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)] internal static partial void shim_function_callbacks(
        delegate* unmanaged<long, nint, long*, nint**, long*, long> forward,
        delegate* unmanaged<long, nint, nint*, long, nint*, long, long> backward,
        delegate* unmanaged<long, void> release);
    [LibraryImport(Library)] internal static partial int shim_function_apply(nint* inputs, long count, long call, nint** outputs, long* produced);
    [LibraryImport(Library)] internal static partial int shim_context_save(nint context, nint* tensors, long count);
    [LibraryImport(Library)] internal static partial int shim_context_saved(nint context, nint** tensors, long* count);
    [LibraryImport(Library)] internal static partial int shim_context_mark_dirty(nint context, nint* tensors, long count);
    [LibraryImport(Library)] internal static partial int shim_context_mark_non_differentiable(nint context, nint* tensors, long count);
    [LibraryImport(Library)] internal static partial int shim_context_materialize_grads(nint context, int value);
    [LibraryImport(Library)] internal static partial int shim_backward(nint* tensors, long count, nint* grads, long gradCount, int retainGraph, int createGraph, nint* inputs, long inputCount);
    [LibraryImport(Library)] internal static partial int shim_grad(nint* outputs, long count, nint* inputs, long inputCount, nint* grads, long gradCount, int retainGraph, int createGraph, int allowUnused, nint* results);

    /// <summary>Throws what a status other than 0 stands for.</summary>
    internal static void Check(int status)
    {
        if (status != 0)
            Throw(status);
    }

    private static void Throw(int status)
    {
        const int managedFailed = -2;
        if (status == managedFailed)
            ManagedExceptions.Rethrow(shim_last_managed_exception());
        throw new ExternalException(Marshal.PtrToStringUTF8((nint)shim_last_message()));
    }

    /// <summary>The version of the libtorch that the shim was compiled against, such as 1.13.1.</summary>
    internal static string Version => Marshal.PtrToStringUTF8((nint)shim_version())!;
}
