using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients down together where their norm is above the bound. Returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                using var quiet = no_grad();
                var grads = tensors.Select(t => t.grad).OfType<Tensor>().ToArray();
                if (grads.Length == 0)
                    return 0;
                var norms = stack(grads.Select(g => linalg.vector_norm(g, norm_type)));
                double total = linalg.vector_norm(norms, norm_type).ToDouble();
                const double guard = 1e-6;
                double factor = max_norm / (total + guard);
                if (factor < 1)
                {
                    foreach (var grad in grads)
                        Aten.mul__Scalar.Update(grad, factor);
                }
                return total;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var scope = NewDisposeScope();
                using var quiet = no_grad();
                foreach (var parameter in tensors)
                {
                    if (parameter.grad is { } grad)
                        Aten.clamp_.Update(grad, -clip_value, clip_value);
                }
            }

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                var parts = tensors.Select(t => t.reshape(-1)).ToArray();
                var vector = cat(parts);
                foreach (var part in parts)
                    part.Dispose();
                return vector;
            }

            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                using var quiet = no_grad();
                long start = 0;
                foreach (var parameter in tensors)
                {
                    parameter.copy_(vec.narrow(0, start, parameter.numel()).reshape(parameter.shape));
                    start += parameter.numel();
                }
            }
        }
    }
}
