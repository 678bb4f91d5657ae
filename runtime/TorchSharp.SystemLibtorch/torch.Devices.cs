using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);

    public static readonly Device META = new(DeviceType.META);

    private static Device _defaultDevice = CPU;

    public static Device CUDA => InitializeDevice(new Device(DeviceType.CUDA));

    public static Device device(string description) => InitializeDevice(new Device(description));

    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    public static Device device(int index) => new(DeviceType.CUDA, index);

    public static Device get_default_device() => _defaultDevice;

    public static void set_default_device(Device device) => _defaultDevice = device;

    public static void set_default_device(string device) => _defaultDevice = new Device(device);

    public static bool cuda_is_available() => cuda.is_available();

    public static bool mps_is_available() => false;

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (deviceType == DeviceType.CUDA && !cuda.is_available())
            throw new InvalidOperationException($"Torch device type {deviceType} did not initialise: this libtorch ({Native.Version}) has no CUDA device.");
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType != DeviceType.CUDA || cuda.is_available();

    /// <summary>The device itself, or the default one for null, after a check that it is there.</summary>
    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    public static partial class cuda
    {
        private static readonly Lazy<int> Devices = new(() =>
        {
            Native.Check(Native.shim_load_cuda());
            return Native.shim_cuda_devices();
        });

        public static bool is_available() => Devices.Value > 0;

        public static int device_count() => Devices.Value;

        /// <summary>Waits for the work that this thread has given to a CUDA device.</summary>
        public static void synchronize(Device? device = null)
        {
            InitializeDeviceType(device?.type ?? DeviceType.CUDA);
            Native.Check(Native.shim_cuda_synchronize(device?.index ?? -1));
        }
    }
}
