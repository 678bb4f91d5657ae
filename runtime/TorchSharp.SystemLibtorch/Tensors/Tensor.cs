using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch. The wrapper owns one reference to it, and lives in the dispose scope of the thread that made it.</summary>
    public partial class Tensor : IDisposable
    {
        // A copy of the handle's value, for speed.
        private nint _handle;
        private TensorHandle? _owner;
        private long[]? _shape;

        /// <param name="handle">An <c>at::Tensor*</c>, which the wrapper owns from now on.</param>
        /// <param name="bytes">What the tensor alone keeps allocated.</param>
        /// <param name="register">Whether it belongs into the current dispose scope.</param>
        internal Tensor(nint handle, long bytes = 0, bool register = true)
        {
            _handle = handle;
            _owner = TensorHandle.Own(handle, bytes);
            if (register)
                DisposeScopeManager.OfThread.Register(this);
        }

        /// <summary>Tensors that are alive in this process.</summary>
        public static long TotalCount => TensorHandle.Count;

        /// <summary>The most tensors that were alive at once.</summary>
        public static long PeakCount => TensorHandle.MostCount;

        /// <summary>The <c>at::Tensor*</c>, for native code that is linked to the same libtorch. Keep the tensor alive while using it.</summary>
        /// <exception cref="ObjectDisposedException">The tensor has been disposed.</exception>
        public nint Handle
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get
            {
                if (_handle == 0)
                    ThrowDisposed();
                return _handle;
            }
        }

        public bool IsInvalid => _handle == 0;

        public string? name { get; set; }

        internal DisposeScope? OwningDisposeScope { get; set; }

        internal int ScopeIndex { get; set; } = -1;

        /// <summary>Wraps an <c>at::Tensor*</c>, which the wrapper owns from then on.</summary>
        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        public void Dispose() => Dispose(true);

        protected virtual void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _owner, null) is not { } owner)
                return;
            _handle = 0;
            DisposeScopeManager.OfThread.Disposing(this);
            OwningDisposeScope?.Remove(this);
            owner.Free();
        }

        /// <summary>Gives the <c>at::Tensor*</c> away; the wrapper is empty afterwards.</summary>
        public nint DecoupleFromNativeHandle()
        {
            nint handle = Handle;
            _handle = 0;
            Interlocked.Exchange(ref _owner, null)?.GiveAway();
            return handle;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        [Obsolete("The name misspells 'detach'; use DetachFromDisposeScope.", false)]
        public Tensor DetatchFromDisposeScope() => DetachFromDisposeScope();

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } own)
                own.MoveToOther(other, this);
            else
                other?.Attach(this);
            return this;
        }

        /// <summary>Wraps another tensor from now on, of which a reference is taken.</summary>
        internal void Become(Tensor other)
        {
            nint shared = other.ShareHandle();
            _handle = shared;
            Interlocked.Exchange(ref _owner, TensorHandle.Own(shared, 0))?.Free();
        }

        /// <summary>A second <c>at::Tensor*</c> to the same tensor, which the caller owns.</summary>
        internal unsafe nint ShareHandle()
        {
            nint shared;
            Native.Check(Native.shim_tensor_share(Handle, &shared));
            GC.KeepAlive(this);
            return shared;
        }

        private void ThrowDisposed() => throw new ObjectDisposedException(GetType().Name, "The tensor has been disposed: by Dispose, by its dispose scope, or because its handle was given away.");
    }
}
