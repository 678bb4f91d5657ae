using static TorchSharp.torch;

namespace TorchSharp
{
    /// <summary>What lies beyond the border of an image.</summary>
    public enum PaddingModes
    {
        Zeros = 0,
        Reflect = 1,
        Replicate = 2,
        Circular = 3,
        Constant = 4,
    }

    /// <summary>Padding by name: none, or as much as keeps the size.</summary>
    public enum Padding
    {
        Valid = 0,
        Same = 1,
    }
}

namespace TorchSharp.Modules
{
    /// <summary>What the convolutions of all dimensions share.</summary>
    public abstract class Convolution : torch.nn.Module<Tensor, Tensor>
    {
        private readonly Slot<Parameter> _weightSlot;
        private readonly Slot<Parameter> _biasSlot;

        private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type, long[] dilation, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
            : base(name)
        {
            if (padding_type == TorchSharp.Padding.Same && stride.Any(s => s != 1))
                throw new ArgumentException("padding='same' is not supported for strided convolutions");
            this.in_channels = in_channels;
            this.out_channels = out_channels;
            this.kernel_size = kernel_size;
            this.stride = stride;
            this.padding = padding_type is null ? padding ?? new long[kernel_size.Length] : null;
            this.padding_type = padding_type;
            this.dilation = dilation;
            this.groups = groups;
            this.padding_mode = padding_mode;
            _weightSlot = new(nn.Parameter(empty([out_channels, in_channels / groups, .. kernel_size], dtype, device)));
            _biasSlot = new(bias ? nn.Parameter(empty(out_channels, dtype, device)) : null);
            ConditionallyRegisterParameter(nameof(weight), weight);
            ConditionallyRegisterParameter(nameof(this.bias), this.bias);
            reset_parameters();
        }

        public long in_channels { get; }

        public long out_channels { get; }

        public long[] kernel_size { get; set; }

        public long[] stride { get; set; }

        public long[]? padding { get; private set; }

        public Padding? padding_type { get; private set; }

        public PaddingModes padding_mode { get; set; }

        public long[] dilation { get; set; }

        public long groups { get; set; }

        public Parameter weight
        {
            get => _weightSlot.Value!;
            set => ConditionallyRegisterParameter(nameof(weight), _weightSlot.Replace(value));
        }

        public Parameter? bias
        {
            get => _biasSlot.Value;
            set => ConditionallyRegisterParameter(nameof(bias), _biasSlot.Replace(value));
        }

        public void reset_parameters() => nn.init.DefaultWeights(weight, bias);

        public void SetPadding(long[] padding) => (this.padding, padding_type) = (padding, null);

        public void SetPadding(Padding padding) => (this.padding, padding_type) = (null, padding);

        /// <summary>Whether the input has this many spatial dimensions and the right number of channels, in a batch or alone.</summary>
        protected bool ValidateShape(Tensor input, long dimensions)
        {
            long[] shape = input.shape;
            return (shape.Length == dimensions + 2 && shape[1] == in_channels) || (shape.Length == dimensions + 1 && shape[0] == in_channels);
        }

        // Amounts for functional.pad: from the last dimension on, before and after.
        private protected long[] PaddingForPad()
        {
            var amounts = new List<long>();
            for (int i = kernel_size.Length - 1; i >= 0; i--)
            {
                long both = padding_type == TorchSharp.Padding.Same ? dilation[i] * (kernel_size[i] - 1) : 2 * (padding?[i] ?? 0);
                amounts.Add(both / 2);
                amounts.Add(both - both / 2);
            }
            return [.. amounts];
        }
    }
}
