using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public Module _to(Tensor other, bool non_blocking) => _to(other.device, other.dtype, non_blocking);

            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireFloating(dtype);
                RequirePresent(device.type);
                return Move(device, dtype, non_blocking);
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                RequirePresent(deviceType);
                return Move(new Device(deviceType, deviceType == DeviceType.CUDA ? deviceIndex : -1), null, non_blocking);
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireFloating(dtype);
                return Move(null, dtype, non_blocking);
            }

            // The wrappers stay, and get other tensors: fields and references of users need no update.
            private Module Move(Device? device, ScalarType? dtype, bool non_blocking)
            {
                using var grad = no_grad();
                foreach (var (_, parameter) in named_parameters(false))
                    Move(parameter, device, dtype, non_blocking);
                foreach (var (_, buffer) in named_buffers(false))
                    Move(buffer, device, dtype, non_blocking);
                foreach (var child in children())
                {
                    if (device is null)
                        child._to(dtype!.Value, non_blocking);
                    else if (dtype is null)
                        child._to(device.type, device.index, non_blocking);
                    else
                        child._to(device, dtype.Value, non_blocking);
                }
                return this;
            }

            private static void Move(Tensor tensor, Device? device, ScalarType? dtype, bool non_blocking)
            {
                bool numbers = tensor.is_floating_point() || tensor.is_complex();
                var type = numbers && dtype is not null ? dtype.Value : tensor.dtype;
                var place = device ?? tensor.device;
                using var scope = NewDisposeScope();
                var moved = tensor.detach().to(type, place, non_blocking: non_blocking);
                bool same = moved.dtype == tensor.dtype && moved.device_type == tensor.device_type && moved.device_index == tensor.device_index;
                if (same)
                    return;
                var grad = tensor.grad;
                moved.requires_grad = tensor.requires_grad;
                if (grad is not null)
                    moved.grad = grad.to(type, place, non_blocking: non_blocking);
                tensor.Become(moved);
            }

            private static void RequireFloating(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }

            private static void RequirePresent(DeviceType type)
            {
                if (type == DeviceType.CUDA && !cuda.is_available())
                    throw new InvalidOperationException("CUDA is not available.");
            }
        }
    }
}
