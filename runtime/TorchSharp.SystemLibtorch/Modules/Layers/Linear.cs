using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>x Wᵀ + b.</summary>
    public sealed class Linear : torch.nn.Module<Tensor, Tensor>
    {
        private readonly Slot<Parameter> _weight;
        private readonly Slot<Parameter> _bias;

        internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
        {
            (out_features, in_features) = (weight.shape[0], weight.shape[1]);
            _weight = new(weight);
            _bias = new(bias);
            Register();
        }

        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
        {
            (in_features, out_features) = (inputSize, outputSize);
            _weight = new(nn.Parameter(empty(outputSize, inputSize, dtype, device)));
            _bias = new(hasBias ? nn.Parameter(empty(outputSize, dtype, device)) : null);
            Register();
            nn.init.DefaultWeights(weight, bias);
        }

        public long in_features { get; set; }

        public long out_features { get; set; }

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

        public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, weight, bias);

        private void Register()
        {
            ConditionallyRegisterParameter(nameof(weight), weight);
            ConditionallyRegisterParameter(nameof(bias), bias);
        }
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        }
    }
}
