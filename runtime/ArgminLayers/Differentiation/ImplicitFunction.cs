using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Differentiation;

/// <summary>
/// The node of a solved batch in autograd's graph. Arguments of <c>apply</c>: <see cref="Forward"/>, then the inputs as (B or 1, own extents…).
/// </summary>
/// <remarks>
/// An exception out of a managed backward pass ends the process, so none leaves this one: a failure gives NaN gradients and goes to the
/// solver's <see cref="FailureLog"/>.
/// </remarks>
internal sealed class ImplicitFunction : autograd.SingleTensorFunction<ImplicitFunction>
{
    private const string CallKey = "call";

    /// <summary>Native code copies returned gradients after the managed method has returned: they are kept until this thread's next pass, forward or backward.</summary>
    [ThreadStatic]
    private static List<Tensor>? returned;

    public override string Name => "ArgminImplicit";

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var forward = (Forward)vars[0];
        ctx.set_materialize_grads(false);
        ctx.save_data(CallKey, forward.Call);
        ctx.save_for_backward([.. vars.Skip(1).Cast<Tensor>(), forward.Solution, .. forward.Call.Adjoint?.Tensors ?? []]);
        return forward.Solution;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var call = (ImplicitCall)ctx.get_data(CallKey);
        Release();
        var gradients = new Tensor?[call.Wanted.Count];
        if (grad_output is not null && !grad_output.IsInvalid)
        {
            try
            {
                gradients = Gradients(ctx, call, grad_output);
                grad_output.Dispose();
            }
            catch (Exception failure)
            {
                gradients = Failed(call, failure);
            }
        }
        Keep(gradients);
        return [null!, .. gradients.Select(static gradient => gradient!)];
    }

    private static Tensor?[] Gradients(autograd.AutogradContext ctx, ImplicitCall call, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        bool[] failed = [.. call.Reports.Select(static report => !report.Status.HasSolution())];
        if (Array.Exists(failed, static isFailed => isFailed))
        {
            var reports = call.Reports.Where(static report => !report.Status.HasSolution()).ToArray();
            call.Record(new ArgminException(FailureText.Backward(call.Info, reports), reports));
        }
        Tensor?[] gradients;
        if (call.Adjoint is null)
        {
            gradients = NotANumber(call);
        }
        else
        {
            (gradients, var iterative) = Solved(ctx, call, call.Adjoint, gradient, failed);
            if (iterative is not null)
                Note(call, iterative, failed);
            if (Array.Exists(failed, static isFailed => isFailed))
                gradients = Mark(gradients, call, Host.Mask(failed, call.Device));
        }
        foreach (var result in gradients)
        {
            if (result is not null)
                scope.MoveToOuter(result);
        }
        return gradients;
    }

    /// <summary>Takes the residuals of an iterative solution to the report, and what is above the tolerance to the failures.</summary>
    private static void Note(ImplicitCall call, IterativeSolution iterative, bool[] failed)
    {
        int[] unsolved = [.. Enumerable.Range(0, failed.Length).Where(i => !failed[i] && iterative.Definiteness[i] != Definiteness.Positive)];
        double[] residuals = [.. Enumerable.Range(0, failed.Length).Where(i => !failed[i]).Select(i => iterative.Residuals[i])];
        if (residuals.Length > 0)
            call.Backward.Record(residuals.Max());
        if (unsolved.Length == 0)
            return;
        call.Record(new ArgminException(FailureText.Unsolved(call.Info, unsolved, iterative.Residuals, iterative.Tolerance), []));
        foreach (var i in unsolved)
            failed[i] = true;
    }

    private static AdjointProducts Solved(autograd.AutogradContext ctx, ImplicitCall call, Adjoint adjoint, Tensor gradient, bool[] failed)
    {
        var saved = ctx.get_saved_variables();
        var count = call.Wanted.Count;
        Tensor Precise(Tensor tensor) => adjoint.Precision == call.Dtype ? tensor : tensor.to(adjoint.Precision);
        Tensor[] inputs = [.. saved[..count].Select(Precise)];
        // Grad mode is on in a backward pass exactly when it is asked to be differentiable itself (create_graph).
        var products = is_grad_enabled()
            ? Differentiable(call, adjoint, inputs, Precise(saved[count]), saved[(count + 1)..], Precise(gradient), failed)
            : adjoint.Products(call.Bind(inputs), Precise(saved[count]), saved[(count + 1)..], Precise(gradient), call.Wanted);
        Tensor Own(Tensor tensor) => adjoint.Precision == call.Dtype ? tensor : tensor.to(call.Dtype);
        return products with
        {
            Gradients = [.. products.Gradients.Select((product, i) => product is null ? null : Own(Collect(product, call.Shapes[i][0] == 1)))],
        };
    }

    /// <summary>The products of the problems that have a solution, 0 for the others: a system that cannot be solved again would fail those of the whole batch.</summary>
    private static AdjointProducts Differentiable(
        ImplicitCall call, Adjoint adjoint, Tensor[] inputs, Tensor y, IReadOnlyList<Tensor> tensors, Tensor gradient, bool[] failed)
    {
        // What y and the inputs each contribute to a second derivative may be κ times their sum, and autograd adds it in the inputs' dtype.
        if (adjoint.Precision != call.Dtype)
        {
            throw new InvalidOperationException(
                $"{call.Dtype} was not enough for the solution, which was found in {adjoint.Precision}, so second derivatives would be lost in rounding; give the layer inputs in {adjoint.Precision} for create_graph");
        }
        int[] solved = [.. Enumerable.Range(0, failed.Length).Where(i => !failed[i])];
        if (solved.Length is 0 || solved.Length == failed.Length)
            return adjoint.DifferentiableProducts(call.Bind(inputs), y, tensors, gradient, call.Wanted);
        var indices = Host.Indices(solved, call.Device);
        Tensor Part(Tensor tensor) => tensor.size(0) == 1 ? tensor : tensor.index_select(0, indices);
        Tensor? Whole(Tensor? part)
        {
            if (part is null)
                return null;
            long[] own = part.shape[1..];
            return zeros([failed.Length, .. own], dtype: part.dtype, device: part.device).index_copy(0, indices, part.expand([solved.Length, .. own]));
        }
        var products = adjoint.DifferentiableProducts(call.Bind([.. inputs.Select(Part)]), Part(y), [.. tensors.Select(Part)], Part(gradient), call.Wanted);
        return products with { Gradients = [.. products.Gradients.Select(Whole)] };
    }

    /// <summary>An input that the batch shares collects the gradients of all problems.</summary>
    private static Tensor Collect(Tensor product, bool isShared)
        => isShared && product.size(0) != 1 ? product.sum(dim: 0, keepdim: true) : product;

    /// <summary>Turns the gradients of failed problems into NaN, and those of inputs that they share with others.</summary>
    private static Tensor?[] Mark(Tensor?[] gradients, ImplicitCall call, Tensor failed) => [.. gradients.Select((gradient, i) =>
    {
        if (gradient is null)
            return null;
        var shape = call.Shapes[i];
        long[] rows = [shape[0], .. Enumerable.Repeat(1L, shape.Length - 1)];
        return gradient.masked_fill(shape[0] == 1 ? failed.any() : failed.reshape(rows), Scalars.NaN);
    })];

    private static Tensor?[] Failed(ImplicitCall call, Exception failure)
    {
        call.Record(new ArgminException(FailureText.Backward(call.Info, failure), failure));
        try
        {
            return NotANumber(call);
        }
        catch (Exception)
        {
            // No memory even for that: no gradient at all, with the failure on record.
            return new Tensor?[call.Wanted.Count];
        }
    }

    private static Tensor?[] NotANumber(ImplicitCall call)
        => [.. call.Wanted.Select((wanted, i) => wanted ? full(call.Shapes[i], Scalars.NaN, dtype: call.Dtype, device: call.Device) : null)];

    /// <summary>Lets go of the gradients of this thread's last backward pass, which has returned when the thread does anything else.</summary>
    public static void Release()
    {
        foreach (var gradient in returned ?? [])
            gradient.Dispose();
        returned = null;
    }

    private static void Keep(Tensor?[] gradients) => returned = [.. gradients.OfType<Tensor>()];

    /// <summary>The first argument of <c>apply</c>.</summary>
    /// <param name="Call">What the backward pass will know.</param>
    /// <param name="Solution">y*, (B, n).</param>
    internal sealed record Forward(ImplicitCall Call, Tensor Solution);
}
