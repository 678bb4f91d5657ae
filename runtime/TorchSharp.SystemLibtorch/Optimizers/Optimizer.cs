using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Changes parameters along their gradients.</summary>
        public abstract partial class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            private protected Optimizer()
            {
            }

            /// <summary>Groups of parameters, each with a learning rate of its own.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(g => g.Parameters);

            public virtual void add_param_group(ParamGroup param_group) => _parameter_groups.Add(param_group);

            /// <summary>Changes the parameters once, after evaluating the closure where there is one. Returns what that returned.</summary>
            public abstract Tensor step(Func<Tensor> closure = null!);

            /// <summary>Sets the gradients to 0.</summary>
            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    using var grad = parameter.grad;
                    if (grad is not null)
                        Interop.Aten.zero_.Update(grad);
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing)
                    DisposeStates();
            }

            private protected abstract void DisposeStates();

            /// <summary>Options by group, and what the optimizer remembers by parameter.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];

                /// <summary>By group, the positions of its parameters in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }

        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }
    }
}
