using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>
/// Custom functions between C# and libtorch: one native function class calls back into the managed one. The managed context hangs on
/// the native node by a handle that the node frees; exceptions return as numbers (<see cref="ManagedExceptions"/>).
/// </summary>
internal static unsafe class FunctionCallbacks
{
    private static readonly object Installed = Install(&Forward, &Backward, &Release);

    /// <summary>Makes sure that native code knows where to call.</summary>
    internal static void Install() => _ = Installed;

    internal static List<torch.Tensor> Apply(torch.autograd.IFunction function, object[] vars)
    {
        Install();
        var isTensor = new bool[vars.Length];
        var inputs = new nint[vars.Length];
        int tensors = 0;
        for (int k = 0; k < vars.Length; k++)
        {
            if (vars[k] is not torch.Tensor { IsInvalid: false } tensor)
                continue;
            isTensor[k] = true;
            inputs[tensors++] = tensor.Handle;
        }
        var call = new Call(new torch.autograd.AutogradContext(function, isTensor), vars);
        var handle = GCHandle.Alloc(call);
        nint* outputs;
        long count;
        int status;
        try
        {
            fixed (nint* i = inputs)
                status = Native.shim_function_apply(i, tensors, GCHandle.ToIntPtr(handle), &outputs, &count);
        }
        finally
        {
            handle.Free();
        }
        GC.KeepAlive(vars);
        GC.KeepAlive(call.Outputs);
        call.FreeOutputHandles();
        Native.Check(status);
        return Handles.WrapList(outputs, count);
    }

    private static object Install(
        delegate* unmanaged<long, nint, long*, nint**, long*, long> forward,
        delegate* unmanaged<long, nint, nint*, long, nint*, long, long> backward,
        delegate* unmanaged<long, void> release)
    {
        Native.shim_function_callbacks(forward, backward, release);
        return new object();
    }

    [UnmanagedCallersOnly]
    private static long Forward(long callHandle, nint context, long* state, nint** outputs, long* count)
    {
        var call = (Call)GCHandle.FromIntPtr((nint)callHandle).Target!;
        try
        {
            *state = GCHandle.ToIntPtr(GCHandle.Alloc(call.Context));
            call.Context.NativeContext = context;
            call.Outputs = call.Context.Function.Forward(call.Context, call.Arguments);
            *count = call.Outputs.Count;
            *outputs = call.AllocateOutputHandles();
            return 0;
        }
        catch (Exception exception)
        {
            return ManagedExceptions.Park(exception);
        }
        finally
        {
            call.Context.NativeContext = 0;
        }
    }

    [UnmanagedCallersOnly]
    private static long Backward(long state, nint nativeContext, nint* grads, long count, nint* results, long expected)
    {
        var context = (torch.autograd.AutogradContext)GCHandle.FromIntPtr((nint)state).Target!;
        try
        {
            var incoming = new List<torch.Tensor>((int)count);
            for (int i = 0; i < count; i++)
                incoming.Add(grads[i] == 0 ? null! : new torch.Tensor(grads[i]));
            context.NativeContext = nativeContext;
            Return(context, context.Function.Backward(context, incoming), results);
            return 0;
        }
        catch (Exception exception)
        {
            return ManagedExceptions.Park(exception);
        }
        finally
        {
            context.NativeContext = 0;
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(long state) => GCHandle.FromIntPtr((nint)state).Free();

    private static void Return(torch.autograd.AutogradContext context, List<torch.Tensor> gradients, nint* results)
    {
        bool[] isTensor = context.IsTensor;
        string name = context.Function.Name;
        if (gradients is null)
            throw new InvalidOperationException($"The backward of {name} returned null instead of a list of {isTensor.Length} gradients.");
        if (gradients.Count < isTensor.Length || (gradients.Count > isTensor.Length && !gradients.Skip(isTensor.Length).All(g => g is null || g.IsInvalid)))
            throw new InvalidOperationException($"function {name} returned an incorrect number of gradients (expected {isTensor.Length}, got {gradients.Count})");
        int next = 0;
        for (int i = 0; i < isTensor.Length; i++)
        {
            bool given = gradients[i] is { IsInvalid: false };
            if (isTensor[i])
                results[next++] = given ? gradients[i].ShareHandle() : 0;
            else if (given)
                throw new InvalidOperationException($"function {name} returned a gradient at position {i + 1}, but the corresponding forward input was not a Tensor");
        }
    }

    /// <summary>One call of a forward pass, for as long as it runs.</summary>
    private sealed class Call(torch.autograd.AutogradContext context, object[] arguments)
    {
        private nint* _handles;

        internal torch.autograd.AutogradContext Context => context;

        internal object[] Arguments => arguments;

        internal List<torch.Tensor>? Outputs { get; set; }

        internal nint* AllocateOutputHandles()
        {
            _handles = (nint*)NativeMemory.Alloc((nuint)Outputs!.Count + 1, (nuint)sizeof(nint));
            for (int i = 0; i < Outputs.Count; i++)
                _handles[i] = (Outputs[i] ?? throw new InvalidOperationException($"The forward of {context.Function.Name} returned null.")).Handle;
            return _handles;
        }

        internal void FreeOutputHandles() => NativeMemory.Free(_handles);
    }
}
