using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Interop;

/// <summary>
/// An operator of libtorch's dispatcher, with the names of the arguments that callers give, in the callers' order:
/// <c>new("add.Tensor(self, other, alpha)")</c>. The names are looked up in the operator's schema at the first call; arguments that a
/// caller leaves out get the schema's default, or None where the argument is optional. <c>a|b</c> names an argument that libtorch renamed.
/// </summary>
internal sealed class Operator(string declaration)
{
    private Plan? _plan;

    internal string Declaration => declaration;

    /// <summary>Calls the operator and wraps its one tensor.</summary>
    internal torch.Tensor Call(params ReadOnlySpan<Value> values)
    {
        Unsafe.SkipInit(out NativeValue result);
        Invoke(values, MemoryMarshal.CreateSpan(ref result, 1));
        return Wrap(result);
    }

    /// <summary>Calls an operator for its effect on its first argument, and returns that.</summary>
    internal torch.Tensor Update(params ReadOnlySpan<Value> values)
    {
        Invoke(values, default);
        return (torch.Tensor)values[0].Reference!;
    }

    internal (torch.Tensor, torch.Tensor) Call2(params ReadOnlySpan<Value> values)
    {
        Span<NativeValue> results = stackalloc NativeValue[2];
        Invoke(values, results);
        return (Wrap(results[0]), Wrap(results[1]));
    }

    internal (torch.Tensor, torch.Tensor, torch.Tensor) Call3(params ReadOnlySpan<Value> values)
    {
        Span<NativeValue> results = stackalloc NativeValue[3];
        Invoke(values, results);
        return (Wrap(results[0]), Wrap(results[1]), Wrap(results[2]));
    }

    internal (torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor) Call4(params ReadOnlySpan<Value> values)
    {
        Span<NativeValue> results = stackalloc NativeValue[4];
        Invoke(values, results);
        return (Wrap(results[0]), Wrap(results[1]), Wrap(results[2]), Wrap(results[3]));
    }

    internal unsafe torch.Tensor[] CallList(params ReadOnlySpan<Value> values)
    {
        Unsafe.SkipInit(out NativeValue result);
        Invoke(values, MemoryMarshal.CreateSpan(ref result, 1));
        return Handles.Wrap((nint*)result.Bits, result.Length)!;
    }

    internal bool CallBoolean(params ReadOnlySpan<Value> values)
    {
        Unsafe.SkipInit(out NativeValue result);
        Invoke(values, MemoryMarshal.CreateSpan(ref result, 1));
        return result.Bits != 0;
    }

    /// <summary>Calls an operator that returns a number.</summary>
    internal Scalar CallScalar(params ReadOnlySpan<Value> values)
    {
        Unsafe.SkipInit(out NativeValue result);
        Invoke(values, MemoryMarshal.CreateSpan(ref result, 1));
        return new Scalar((ValueKind)result.Kind, result.Bits);
    }

    /// <summary>Finds the operator and its arguments; throws where this libtorch lacks one of them.</summary>
    internal void Resolve() => _plan ??= Plan.For(declaration);

    private static torch.Tensor Wrap(in NativeValue result) =>
        result.Kind == (long)ValueKind.Tensor && result.Bits != 0 ? new torch.Tensor((nint)result.Bits, result.Length) : null!;

    [SkipLocalsInit]
    private unsafe void Invoke(ReadOnlySpan<Value> values, Span<NativeValue> results)
    {
        var plan = _plan ?? FindPlan();
        NativeValue* arguments = stackalloc NativeValue[plan.Count];
        if (values.Length != plan.Count)
            plan.FillDefaults(arguments);
        int listed = plan.HasLists ? ListBuffer.Count(values) + plan.Expansion : 0;
        const int onStack = 64;
        long* stack = stackalloc long[listed is > 0 and <= onStack ? onStack : 1];
        var heap = listed > onStack ? GC.AllocateUninitializedArray<long>(listed, pinned: true) : null;
        long* buffer = heap is null ? stack : (long*)Unsafe.AsPointer(ref heap[0]);

        for (int i = 0; i < values.Length; i++)
            plan.Push(values[i], i, arguments, ref buffer);

        int status;
        fixed (NativeValue* r = results)
            status = Native.shim_operator_call(plan.Handle, arguments, plan.Count, r, results.Length);
        for (int i = 0; i < values.Length; i++)
            GC.KeepAlive(values[i].Reference);
        GC.KeepAlive(heap);
        Native.Check(status);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Plan FindPlan()
    {
        Resolve();
        return _plan!;
    }
}
