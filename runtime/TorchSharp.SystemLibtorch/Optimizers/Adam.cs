using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules
{
    /// <summary>Adam (Kingma and Ba 2015): steps scaled by running moments of the gradient; weight decay is added to the gradient.</summary>
    public class Adam : OptimizerHelper, IBetas
    {
        public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        public Adam(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            var options = new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
            options.Moments.Check(lr);
            Add(parameters, options);
        }

        public (double, double) Betas
        {
            get => ((Options)_defaults).Betas;
            set => ((Options)_defaults).Betas = value;
        }

        public override void add_param_group(Modules.ParamGroup param_group) => Remember<Options>(param_group, p => new State(p));

        public override Tensor step(Func<Tensor> closure = null!) => _step<ParamGroup>(Step, closure);

        protected override void Dispose(bool disposing) => base.Dispose(disposing);

        private void Step(ParamGroup group)
        {
            foreach (var parameter in group.Parameters)
            {
                if (parameter.grad is { } gradient)
                    StateOf<State>(parameter).Moments.Step(parameter, gradient, group.LearningRate, group.Options.Moments, decayApart: false);
            }
        }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? weight_decay;
            public double? eps;
            public bool? amsgrad;
            public bool? maximize;

            public Options()
            {
            }

            internal Options(double lr, double beta1, double beta2, double eps, double weight_decay, bool amsgrad, bool maximize) : base(lr) =>
                Moments.Set(beta1, beta2, eps, weight_decay, amsgrad, maximize);

            internal MomentOptions Moments => new(ref beta1, ref beta2, ref eps, ref weight_decay, ref amsgrad, ref maximize);

            internal (double, double) Betas
            {
                get => (beta1!.Value, beta2!.Value);
                set => (beta1, beta2) = value;
            }

            public override void SaveStateDict(BinaryWriter writer)
            {
                base.SaveStateDict(writer);
                Moments.Save(writer);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                base.LoadStateDict(reader);
                Moments.Load(reader);
            }

            public override void LoadStateDict(OptimizerOptions source)
            {
                base.LoadStateDict(source);
                Moments.CopyFrom(((Options)source).Moments);
            }

            internal override void FillFrom(OptimizerOptions defaults)
            {
                base.FillFrom(defaults);
                Moments.FillFrom(((Options)defaults).Moments);
            }
        }

        public sealed class State : OptimizerState, IDisposable
        {
            public long step;
            public Tensor exp_avg = null!;
            public Tensor exp_avg_sq = null!;
            public Tensor max_exp_avg_sq = null!;

            public State(Parameter parameter) : base(parameter)
            {
            }

            internal Moments Moments => new(ref step, ref exp_avg, ref exp_avg_sq, ref max_exp_avg_sq);

            public override void Initialize(OptimizerOptions options) => Moments.Initialize(_parameter, ((Options)options).amsgrad!.Value);

            public override void SaveStateDict(BinaryWriter writer) => Moments.Save(writer);

            public override void LoadStateDict(BinaryReader reader) => Moments.Load(reader, _parameter.device);

            public override void LoadStateDict(OptimizerState source) => Moments.CopyFrom(((State)source).Moments, _parameter.device);

            public override bool ApproximatelyEquals(OptimizerState other) => other is State state && Moments.ApproximatelyEquals(state.Moments);

            public override void to(Device device) => Moments.MoveTo(device);

            public void Dispose() => Moments.Dispose();
        }

        public class ParamGroup : ParamGroup<Options>, IBetas
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, new Options(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize))
            {
            }

            public (double, double) Betas
            {
                get => Options.Betas;
                set => Options.Betas = value;
            }
        }
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class optim
        {
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(IEnumerable<Adam.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
