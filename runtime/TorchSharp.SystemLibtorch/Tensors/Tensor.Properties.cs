using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private const int RequiresGradFlag = 1, LeafFlag = 2, ContiguousFlag = 4;

        private unsafe TensorInfo Info
        {
            get
            {
                TensorInfo info;
                Native.Check(Native.shim_tensor_info(Handle, &info));
                GC.KeepAlive(this);
                return info;
            }
        }

        /// <summary>The sizes. The same array comes back for as long as the shape is the same: copy it before writing to it.</summary>
        public unsafe long[] shape
        {
            get
            {
                long dimensions;
                long* sizes;
                Native.Check(Native.shim_tensor_sizes(Handle, &dimensions, &sizes));
                var current = new ReadOnlySpan<long>(sizes, (int)dimensions);
                long[]? known = _shape;
                if (known is null || !current.SequenceEqual(known))
                    _shape = known = current.ToArray();
                GC.KeepAlive(this);
                return known;
            }
        }

        public long[] size() => shape;

        public long size(int dim) => shape[Wrap(dim)];

        public long Dimensions => Info.Dimensions;

        public long dim() => Dimensions;

        public long ndim => Dimensions;

        public long NumberOfElements => Info.Elements;

        public long numel() => Info.Elements;

        public long ElementSize => Info.ElementSize;

        public long element_size() => Info.ElementSize;

        public ScalarType dtype => (ScalarType)Info.ScalarType;

        public DeviceType device_type => (DeviceType)Info.DeviceType;

        public int device_index => Info.DeviceIndex;

        public Device device
        {
            get
            {
                var info = Info;
                return (DeviceType)info.DeviceType == DeviceType.CPU ? CPU : new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public bool is_leaf => (Info.Flags & LeafFlag) != 0;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_sparse => Info.Layout != 0;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_contiguous() => (Info.Flags & ContiguousFlag) != 0;

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        /// <summary>Never: named dimensions are not supported here, and newer libtorches have none.</summary>
        public bool has_names() => false;

        public long storage_offset() => Info.Offset;

        public unsafe long[] stride()
        {
            var info = Info;
            var strides = new ReadOnlySpan<long>(info.Strides, info.Strides == null ? 0 : (int)info.Dimensions).ToArray();
            GC.KeepAlive(this);
            return strides;
        }

        public long stride(int dim) => stride()[Wrap(dim)];

        public bool requires_grad
        {
            get => (Info.Flags & RequiresGradFlag) != 0;
            set
            {
                Native.Check(Native.shim_tensor_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad()
        {
            Native.Check(Native.shim_tensor_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        public unsafe Tensor? grad
        {
            get
            {
                nint grad;
                Native.Check(Native.shim_tensor_grad(Handle, &grad));
                GC.KeepAlive(this);
                return grad == 0 ? null : new Tensor(grad);
            }
            set
            {
                Native.Check(Native.shim_tensor_set_grad(Handle, value is null ? 0 : value.Handle));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        // Counts a negative dimension from the end; libtorch's error where there is no such dimension.
        private int Wrap(int dim)
        {
            long n = Dimensions;
            if (dim >= -n && dim < n)
                return (int)(dim < 0 ? dim + n : dim);
            throw new ExternalException(n == 0
                ? $"dimension specified as {dim} but tensor has no dimensions"
                : $"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})");
        }
    }
}
