using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        internal interface IFunction
        {
            string Name { get; }

            List<Tensor> Forward(AutogradContext ctx, object[] vars);

            List<Tensor> Backward(AutogradContext ctx, List<Tensor> grad_outputs);
        }

        /// <summary>A function with a derivative of its own. There is one instance for a type: no state of a call belongs into fields.</summary>
        public abstract class Function<T> : IFunction where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            public abstract string Name { get; }

            public static List<Tensor> apply_internal(params object[] vars) => FunctionCallbacks.Apply(Instance, vars);

            List<Tensor> IFunction.Forward(AutogradContext ctx, object[] vars) => Forward(ctx, vars);

            List<Tensor> IFunction.Backward(AutogradContext ctx, List<Tensor> grad_outputs) => Backward(ctx, grad_outputs);

            internal abstract List<Tensor> Forward(AutogradContext ctx, object[] vars);

            internal abstract List<Tensor> Backward(AutogradContext ctx, List<Tensor> grad_outputs);
        }

        /// <summary>A custom function with one output.</summary>
        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <returns>One gradient for each argument of forward; null for one that is no tensor or needs none.</returns>
            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);

            internal sealed override List<Tensor> Forward(AutogradContext ctx, object[] vars) => [forward(ctx, vars)];

            internal sealed override List<Tensor> Backward(AutogradContext ctx, List<Tensor> grad_outputs) => backward(ctx, grad_outputs[0]);
        }

        /// <summary>A custom function with several outputs.</summary>
        public abstract class MultiTensorFunction<T> : Function<T> where T : MultiTensorFunction<T>, new()
        {
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <returns>One gradient for each argument of forward; null for one that is no tensor or needs none.</returns>
            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            internal sealed override List<Tensor> Forward(AutogradContext ctx, object[] vars) => forward(ctx, vars);

            internal sealed override List<Tensor> Backward(AutogradContext ctx, List<Tensor> grad_outputs) => backward(ctx, grad_outputs);
        }
    }
}
