using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>The gradients of the sum of <paramref name="outputs"/>, weighted by <paramref name="grad_outputs"/>, with respect to <paramref name="inputs"/>.</summary>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor> grad_outputs = null!, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] outs = Handles.Of(outputs), ins = Handles.Of(inputs), grads = Handles.Of(grad_outputs);
            var results = new nint[ins.Length];
            FunctionCallbacks.Install();
            fixed (nint* o = outs, i = ins, g = grads, r = results)
            {
                Native.Check(Native.shim_grad(
                    o, outs.Length, i, ins.Length, g, grads.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            }
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return [.. results.Select(h => h == 0 ? null! : new Tensor(h))];
        }

        /// <summary>Adds the gradients of the sum of <paramref name="tensors"/> to the leaves that they were computed from.</summary>
        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor> grad_tensors = null!, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null!)
        {
            nint[] roots = Handles.Of(tensors), grads = Handles.Of(grad_tensors), ins = Handles.Of(inputs);
            FunctionCallbacks.Install();
            fixed (nint* t = roots, g = grads, i = ins)
            {
                Native.Check(Native.shim_backward(
                    t, roots.Length, g, grads.Length, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, i, ins.Length));
            }
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor> grad_tensors = null!, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null!) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null!) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);
    }

    public partial class Tensor
    {
        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors!, retain_graph, create_graph, inputs!);
    }
}
