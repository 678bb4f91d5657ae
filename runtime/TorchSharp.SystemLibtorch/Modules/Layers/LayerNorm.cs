using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Normalises each example over its last dimensions.</summary>
    public sealed class LayerNorm : torch.nn.Module<Tensor, Tensor>
    {
        private readonly Slot<Parameter> _weight;
        private readonly Slot<Parameter> _bias;

        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(LayerNorm))
        {
            this.normalized_shape = normalized_shape;
            this.eps = eps;
            this.elementwise_affine = elementwise_affine;
            _weight = new(elementwise_affine ? nn.Parameter(ones(normalized_shape, dtype, device)) : null);
            _bias = new(elementwise_affine && bias ? nn.Parameter(zeros(normalized_shape, dtype, device)) : null);
            ConditionallyRegisterParameter(nameof(weight), _weight.Value);
            ConditionallyRegisterParameter(nameof(this.bias), _bias.Value);
        }

        public long[] normalized_shape { get; set; }

        public double eps { get; set; }

        public bool elementwise_affine { get; set; }

        public Parameter weight
        {
            get => _weight.Value!;
            set => ConditionallyRegisterParameter(nameof(weight), _weight.Replace(value));
        }

        public Parameter? bias
        {
            get => _bias.Value;
            set => ConditionallyRegisterParameter(nameof(bias), _bias.Replace(value));
        }

        public void reset_parameters()
        {
            if (_weight.Value is { } w)
                nn.init.ones_(w);
            if (bias is not null)
                nn.init.zeros_(bias);
        }

        public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);
        }
    }
}
