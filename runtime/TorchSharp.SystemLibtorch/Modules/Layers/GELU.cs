using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>x · Φ(x), with the normal distribution function Φ or its approximation by tanh.</summary>
    public sealed class GELU : ParameterLessModule<Tensor, Tensor>
    {
        internal GELU(bool inplace, Approximate approximate = Approximate.none) : base(nameof(GELU))
        {
            this.inplace = inplace;
            this.approximate = approximate;
        }

        public enum Approximate
        {
            none,
            tanh,
        }

        public bool inplace { get; set; }

        public Approximate approximate { get; set; }

        public override Tensor forward(Tensor tensor) => torch.nn.functional.gelu(tensor, approximate, inplace);
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static GELU GELU() => new(false);

            public static GELU GELU(bool inplace) => new(inplace);

            public static GELU GELU(GELU.Approximate approximate, bool inplace = false) => new(inplace, approximate);
        }
    }
}
