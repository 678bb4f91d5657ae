using System.Runtime.CompilerServices;
using TorchSharp.Interop;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The elements, readable and writable in place where the tensor is on the CPU.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType(typeof(T), dtype);
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        /// <summary>The one element of a tensor of one element.</summary>
        public unsafe T item<T>() where T : unmanaged
        {
            int type;
            long elements;
            double bits;
            Native.Check(Native.shim_tensor_peek(Handle, &type, &elements, &bits));
            GC.KeepAlive(this);
            if (elements != 1)
                throw new ArgumentException("Number of elements in the tensor must be 1");
            if (type < 0 || sizeof(T) > sizeof(double))
            {
                using var plain = cpu().detach().clone();
                return plain.data<T>()[0];
            }
            ValidateType(typeof(T), (ScalarType)type);
            return Unsafe.Read<T>(&bits);
        }

        public Scalar ToScalar() => Aten.item.CallScalar(this);

        public bool is_nonzero() => numel() == 1
            ? Aten.is_nonzero.CallBoolean(this)
            : throw new InvalidOperationException("is_nonzero() called on non-singleton tensor");

        /// <summary>The memory of a contiguous CPU tensor. Keep the tensor alive while using it.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                long total = numel() * ElementSize;
                RequireReadable(total);
                return new Span<byte>((void*)DataPointer, (int)total);
            }
            set
            {
                if (!is_contiguous())
                    throw new InvalidOperationException("SetBytes() called on non-contiguous tensor.");
                if (numel() * ElementSize != value.Length)
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(bytes);
            }
        }

        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            RequireReadable(0);
            long total = numel() * ElementSize;
            byte* data = (byte*)DataPointer;
            for (long done = 0; done < total; done += bufferSize)
                stream.Write(new ReadOnlySpan<byte>(data + done, (int)Math.Min(bufferSize, total - done)));
            GC.KeepAlive(this);
        }

        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            RequireReadable(0);
            long total = numel() * ElementSize;
            byte* data = (byte*)DataPointer;
            for (long done = 0; done < total;)
            {
                int read = stream.Read(new Span<byte>(data + done, (int)Math.Min(bufferSize, total - done)));
                if (read == 0)
                    throw new EndOfStreamException();
                done += read;
            }
            GC.KeepAlive(this);
        }

        /// <summary>Reads a tensor that <see cref="TensorExtensionMethods.Save(Tensor, BinaryWriter)"/> wrote.</summary>
        public static Tensor Load(BinaryReader reader) => TensorExtensionMethods.Load(reader);

        /// <inheritdoc cref="Load(BinaryReader)"/>
        public static Tensor Load(Stream stream)
        {
            using var reader = new BinaryReader(stream);
            return Load(reader);
        }

        /// <inheritdoc cref="Load(BinaryReader)"/>
        public static Tensor Load(string location) => Load(File.OpenRead(location));

        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);
        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);

        public T ReadCpuValue<T>(long i) where T : unmanaged
        {
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            ValidateType(typeof(T), dtype);
            return new TensorAccessor<T>(this).At(i);
        }

        internal unsafe nint DataPointer
        {
            get
            {
                nint data;
                Native.Check(Native.shim_tensor_data(Handle, &data));
                return data;
            }
        }

        internal static void ValidateType(Type type, ScalarType dtype)
        {
            var expected = dtype switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Bool => typeof(bool),
                ScalarType.Float16 => typeof(Half),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                _ => null,
            };
            if (type != expected)
                throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }

        private void RequireReadable(long total)
        {
            if (!is_contiguous())
                throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (total > int.MaxValue)
                throw new ArgumentException("Span only supports up to int.MaxValue elements.");
            if (device_type != DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }
    }
}
