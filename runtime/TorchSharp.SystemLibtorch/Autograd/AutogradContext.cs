using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a custom function remembers between its forward and its backward pass.</summary>
        public class AutogradContext : IDisposable
        {
            private Dictionary<string, object>? _data;
            private nint _native;

            internal AutogradContext(IFunction function, bool[] isTensor)
            {
                Function = function;
                IsTensor = isTensor;
            }

            internal IFunction Function { get; }

            /// <summary>Which arguments of the call were tensors.</summary>
            internal bool[] IsTensor { get; }

            /// <summary>The native context; only while native code calls back.</summary>
            internal nint NativeContext
            {
                private get => _native != 0 ? _native : throw new InvalidOperationException("An AutogradContext can only be used inside forward and backward.");
                set => _native = value;
            }

            /// <summary>Whether missing gradients of outputs arrive in backward as zeros (the default) or as null.</summary>
            public bool MaterializeGrads { get; private set; } = true;

            public unsafe void save_for_backward(List<Tensor> tensors)
            {
                nint[] handles = Handles.Of(tensors);
                fixed (nint* h = handles)
                    Native.Check(Native.shim_context_save(NativeContext, h, handles.Length));
                GC.KeepAlive(tensors);
            }

            /// <summary>The saved tensors; one that was null is null again.</summary>
            public unsafe List<Tensor> get_saved_variables()
            {
                nint* handles;
                long count;
                Native.Check(Native.shim_context_saved(NativeContext, &handles, &count));
                return Handles.WrapList(handles, count);
            }

            /// <summary>Remembers anything that is not a tensor; tensors belong into <see cref="save_for_backward"/>.</summary>
            public void save_data(string key, object value) => (_data ??= [])[key] = value;

            public object get_data(string key) => _data?.GetValueOrDefault(key)!;

            /// <summary>Declares inputs that forward has changed in place.</summary>
            public unsafe void mark_dirty(List<Tensor> tensors)
            {
                nint[] handles = Handles.Of(tensors);
                fixed (nint* h = handles)
                    Native.Check(Native.shim_context_mark_dirty(NativeContext, h, handles.Length));
                GC.KeepAlive(tensors);
            }

            public unsafe void mark_non_differentiable(List<Tensor> tensors)
            {
                nint[] handles = Handles.Of(tensors);
                fixed (nint* h = handles)
                    Native.Check(Native.shim_context_mark_non_differentiable(NativeContext, h, handles.Length));
                GC.KeepAlive(tensors);
            }

            public void set_materialize_grads(bool value)
            {
                MaterializeGrads = value;
                Native.Check(Native.shim_context_materialize_grads(NativeContext, value ? 1 : 0));
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing) => _data?.Clear();
        }
    }
}
