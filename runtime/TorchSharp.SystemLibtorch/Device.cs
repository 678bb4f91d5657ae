using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Where a tensor lives: a kind of device and, where there are several, which.</summary>
    public class Device
    {
        /// <param name="description"><c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, …</param>
        public Device(string description)
        {
            string[] parts = description.Split(':');
            type = Parse(parts[0]);
            index = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : -1;
        }

        public Device(string deviceType, int index = -1)
        {
            type = Parse(deviceType);
            this.index = index;
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(int index)
        {
            type = DeviceType.CUDA;
            this.index = index;
        }

        public DeviceType type { get; }

        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString()
        {
            string kind = type.ToString().ToLowerInvariant();
            return type == DeviceType.CPU || index == -1 ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind}:{index}");
        }

        private static DeviceType Parse(string name) => Enum.Parse<DeviceType>(name.ToUpperInvariant());
    }
}
