using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.OfThread.Open();

    /// <summary>Runs an expression in a dispose scope of its own; its result moves out.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_grad_enabled() => Native.shim_grad_enabled() != 0;

    public static bool is_inference_mode_enabled() => Native.shim_inference_enabled() != 0;

    public static int get_num_threads() => Native.shim_num_threads();

    public static void set_num_threads(int num) => Native.Check(Native.shim_set_num_threads(num));

    public static int get_num_interop_threads() => Native.shim_num_interop_threads();

    public static void set_num_interop_threads(int num) => Native.Check(Native.shim_set_num_interop_threads(num));

    internal sealed class GradMode : IDisposable
    {
        private readonly int _before = Native.shim_grad_enabled();

        internal GradMode(bool enabled) => Native.shim_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.shim_set_grad_enabled(_before);
    }

    // Not finalized: the native guard belongs to the thread that made it.
    private sealed class InferenceMode : IDisposable
    {
        private nint _guard;

        internal unsafe InferenceMode(bool enabled)
        {
            nint guard;
            Native.Check(Native.shim_inference_enter(enabled ? 1 : 0, &guard));
            _guard = guard;
        }

        public void Dispose()
        {
            if (_guard == 0)
                return;
            Native.shim_inference_leave(_guard);
            _guard = 0;
        }
    }
}
