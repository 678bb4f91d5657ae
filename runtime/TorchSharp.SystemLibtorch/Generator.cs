using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        private nint _handle;

        public unsafe Generator(ulong seed = 0, Device? device = null)
        {
            this.device = InitializeDevice(device ?? CPU);
            nint handle;
            Native.Check(Native.shim_generator_new(unchecked((long)seed), (int)this.device.type, this.device.index, &handle));
            _handle = handle;
        }

        private Generator(nint handle)
        {
            _handle = handle;
            device = CPU;
        }

        ~Generator() => Dispose(false);

        /// <summary>The generator that is used where none is given, on the CPU.</summary>
        public static unsafe Generator Default
        {
            get
            {
                nint handle;
                Native.Check(Native.shim_generator_default(&handle));
                return new Generator(handle);
            }
        }

        public nint Handle
        {
            get
            {
                ObjectDisposedException.ThrowIf(_handle == 0, this);
                return _handle;
            }
        }

        public Device device { get; }

        public unsafe Tensor get_state()
        {
            nint state;
            Native.Check(Native.shim_generator_state(Handle, &state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            Native.Check(Native.shim_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.shim_generator_set_seed(Handle, seed));
            GC.KeepAlive(this);
            return this;
        }

        /// <summary>Seeds from the clock, and returns that seed.</summary>
        public long seed()
        {
            long ticks = DateTime.UtcNow.Ticks;
            manual_seed(ticks);
            return ticks;
        }

        public unsafe long initial_seed()
        {
            long seed;
            Native.Check(Native.shim_generator_seed(Handle, &seed));
            GC.KeepAlive(this);
            return seed;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0)
                Native.shim_generator_free(handle);
        }
    }

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static long initial_seed() => random.initial_seed();

    public static long seed() => random.seed();

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static partial class random
    {
        /// <summary>Seeds the default generators of all devices.</summary>
        public static Generator manual_seed(long seed)
        {
            TryInitializeDeviceType(DeviceType.CUDA);
            Native.Check(Native.shim_manual_seed(seed));
            return Generator.Default;
        }

        public static long seed() => Generator.Default.seed();

        public static long initial_seed() => Generator.Default.initial_seed();

        public static Tensor get_rng_state() => Generator.Default.get_state();

        public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
    }
}
