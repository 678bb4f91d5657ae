using System.Globalization;
using ArgminLayers.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Generator.Tests.Diagnostics;

/// <summary>Every diagnostic by its id, its message and the text under the squiggle; nothing else is reported, and no layer is generated.</summary>
public class DiagnosticTests
{
    private const string Signature = """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor t, double c = 1, int n = 2)""";

    [Theory]
    [InlineData("y.cumprod(0)", "ARGMIN001", "y.cumprod(0)", "The objective cannot be differentiated: 'cumprod' of Tensor, Int64 has no rule")]
    [InlineData("diff(y, 2).square().sum()", "ARGMIN001", "diff(y, 2)", "The objective cannot be differentiated: 'diff' has order 1 only; write diff of diff instead of order 2")]
    [InlineData("y.dot(State)", "ARGMIN001", "State", "The objective cannot be differentiated: 'State' is a field; an objective may depend on its parameters only")]
    [InlineData("y.sum() * (n / 3)", "ARGMIN001", "n / 3", "The objective cannot be differentiated: a division of two ints drops the fraction; write a double")]
    [InlineData("c > 0 ? y.sum() : y.dot(y)", "ARGMIN001", "c > 0 ? y.sum() : y.dot(y)", "The objective cannot be differentiated: 'c > 0 ? y.sum() : y.dot(y)' is not an operation that the compiler can differentiate")]
    [InlineData("(y % 2).sum()", "ARGMIN001", "y % 2", "The objective cannot be differentiated: the operator of 'y % 2' is not one of +, -, * and /")]
    [InlineData("y.pow(c).sum()", "ARGMIN008", "y.pow(c)", "The objective is not differentiable in 'y' at a kink of pow; write a smooth form")]
    [InlineData("y.sum() * (float)c", "ARGMIN001", "(float)c", "The objective cannot be differentiated: the conversion from 'double' to 'float' may change the value")]
    [InlineData("y.sum() * System.Math.Floor(c)", "ARGMIN001", "System.Math.Floor(c)", "The objective cannot be differentiated: 'Math.Floor' has no rule here")]
    [InlineData("nn.functional.relu(y, true).sum()", "ARGMIN001", "true", "The objective cannot be differentiated: argument 'inplace' of 'relu' must have its default value")]
    [InlineData("x.sum(dim: 2).sum()", "ARGMIN001", "2", "The objective cannot be differentiated: a tensor of shape (T, D) has no such axes for 'sum'")]
    [InlineData("x.sum(dim: n).sum()", "ARGMIN001", "n", "The objective cannot be differentiated: the axes of 'sum' must be constants")]
    [InlineData("Loop(y)", "ARGMIN001", "Loop(y)", "The objective cannot be differentiated: 'Loop' calls itself")]
    [InlineData("Bad(y)", "ARGMIN001", "Bad(y)", "The objective cannot be differentiated: 'cumprod' of Tensor, Int64 has no rule")]
    [InlineData("System.Linq.Enumerable.Single(new[] { y })", "ARGMIN001", "System.Linq.Enumerable.Single(new[] { y })", null)]
    [InlineData("(y - t).sum()", "ARGMIN002", "y - t", "'-' does not fit shapes (D,) and (T,)")]
    [InlineData("x.mv(t).sum()", "ARGMIN002", "x.mv(t)", "'mv' does not fit shapes (T, D) and (T,)")]
    [InlineData("x.dot(y)", "ARGMIN002", "x.dot(y)", "'dot' does not fit shapes (T, D) and (D,)")]
    [InlineData("matmul(x, x).sum()", "ARGMIN002", "matmul(x, x)", "'matmul' does not fit shapes (T, D) and (T, D)")]
    [InlineData("y * y", "ARGMIN003", "Tensor", "The objective returns a tensor of shape (D,); a layer minimises a single number, so sum it or take its mean")]
    [InlineData("t.dot(t)", "ARGMIN007", "F", "The objective does not depend on 'y', so every value of it is a minimiser")]
    [InlineData("y.abs().sum()", "ARGMIN008", "y.abs()", "The objective is not differentiable in 'y' at a kink of abs; square it, or write a smooth form such as (x * x + delta * delta).sqrt()")]
    [InlineData("(y.dot(y)).sqrt()", "ARGMIN008", "(y.dot(y)).sqrt()", "The objective is not differentiable in 'y' at a kink of norm; square it, or add a positive constant under the root, such as (x.square().sum() + delta * delta).sqrt()")]
    [InlineData("y.norm()", "ARGMIN008", "y.norm()", "The objective is not differentiable in 'y' at a kink of norm; square it, or add a positive constant under the root, such as (x.square().sum() + delta * delta).sqrt()")]
    [InlineData("y.dot(y) + y[0].sqrt()", "ARGMIN008", "y[0].sqrt()", "The objective is not differentiable in 'y' at a kink of sqrt; add a positive constant under the root")]
    [InlineData("y.dot(y) + x.mv(y).amax(0)", "ARGMIN008", "x.mv(y).amax(0)", "The objective is not differentiable in 'y' at a kink of max; write a smooth form such as logsumexp")]
    [InlineData("y.dot(y) + y.clamp_max(1).sum()", "ARGMIN008", "y.clamp_max(1)", "The objective is not differentiable in 'y' at a kink of minimum; write a smooth form such as logsumexp")]
    [InlineData("where(y > 0, y, 0 * y).sum()", "ARGMIN008", "where(y > 0, y, 0 * y)", null)]
    [InlineData("y.dot(y) + where(y > 0, y * y / y, 0).sum()", "ARGMIN008", "where(y > 0, y * y / y, 0)", null)]
    [InlineData("y.dot(y) + where(y > 0, y * y, 1).sum()", "ARGMIN008", "where(y > 0, y * y, 1)", null)]
    [InlineData("y.dot(y) + where(y == 0, y * y, 0).sum()", "ARGMIN008", "where(y == 0, y * y, 0)", "The objective is not differentiable in 'y' at a kink of where; let both branches vanish with their first derivatives where the condition changes, or write relu or softplus")]
    [InlineData("y.dot((y > 0) * y)", "ARGMIN001", "y > 0", "The objective cannot be differentiated: a condition is not a number; choose between two values with torch.where")]
    [InlineData("where(y, y, y).sum()", "ARGMIN001", "y", "The objective cannot be differentiated: a condition must be a comparison, such as x > 0")]
    [InlineData("y.narrow(0, n, 1).sum()", "ARGMIN001", "n", "The objective cannot be differentiated: argument 'start' of 'narrow' must be a constant or a size such as x.size(0) - 1")]
    [InlineData("y.select(1, 0).sum()", "ARGMIN001", "1", "The objective cannot be differentiated: a tensor of shape (D,) has no such axes for 'select'")]
    [InlineData("y[0, 1].sum()", "ARGMIN001", "y[0, 1]", "The objective cannot be differentiated: a tensor of shape (D,) has no 2 axes to index")]
    [InlineData("y[TensorIndex.Slice(0, null, 2)].sum()", "ARGMIN001", "TensorIndex.Slice(0, null, 2)", "The objective cannot be differentiated: how many elements a slice of D has with the step 2 depends on the sizes; let the step divide the length whatever they are, or state the extent as a number")]
    [InlineData("y.slice(0, 0, y.size(0), 2).sum()", "ARGMIN001", "2", "The objective cannot be differentiated: how many elements a slice of D has with the step 2 depends on the sizes; let the step divide the length whatever they are, or state the extent as a number")]
    [InlineData("y[TensorIndex.Slice(0, 3, -1)].sum()", "ARGMIN001", "-1", "The objective cannot be differentiated: the step of a slice must be a constant above 0")]
    [InlineData("where((y - x[0]).abs() <= 1, 0.5 * (y - x[0]).square(), (y - x[0]).abs() - 0.4).sum()", "ARGMIN008", "where((y - x[0]).abs() <= 1, 0.5 * (y - x[0]).square(), (y - x[0]).abs() - 0.4)", null)]
    [InlineData("where((y - x[0]).abs() <= 1, 0.6 * (y - x[0]).square(), (y - x[0]).abs() - 0.5).sum()", "ARGMIN008", "where((y - x[0]).abs() <= 1, 0.6 * (y - x[0]).square(), (y - x[0]).abs() - 0.5)", null)]
    [InlineData("y[2..2].sum()", "ARGMIN001", "2..2", "The objective cannot be differentiated: the slice has no elements or leaves the axis of extent D")]
    [InlineData("y[n].sum()", "ARGMIN001", "n", "The objective cannot be differentiated: an index must be a constant or a size such as x.size(0) - 1")]
    [InlineData("x.reshape(3, 4).sum() * y.sum()", "ARGMIN002", "x.reshape(3, 4)", "'reshape' does not fit shapes (T, D) and (3, 4)")]
    [InlineData("x.reshape(-1, 4).sum() * y.sum()", "ARGMIN002", "x.reshape(-1, 4)", "'reshape' does not fit shapes (T, D) and (-1, 4)")]
    [InlineData("x.reshape(-1, -1).sum() * y.sum()", "ARGMIN001", null, "The objective cannot be differentiated: only one extent can be inferred")]
    [InlineData("(x.reshape(-1) - y).sum()", "ARGMIN002", "x.reshape(-1) - y", "'-' does not fit shapes (D·T,) and (D,)")]
    [InlineData("(y[1..] - y).sum()", "ARGMIN002", "y[1..] - y", "'-' does not fit shapes (D - 1,) and (D,)")]
    [InlineData("(cat([y, t]) - y).sum()", "ARGMIN002", "cat([y, t]) - y", "'-' does not fit shapes (D + T,) and (D,)")]
    [InlineData("cat([y, x]).sum()", "ARGMIN002", "cat([y, x])", "'cat' does not fit shapes (D,) and (T, D)")]
    [InlineData("stack([y, t]).sum()", "ARGMIN002", "stack([y, t])", "'stack' does not fit shapes (D,) and (T,)")]
    [InlineData("y.squeeze().sum()", "ARGMIN001", "y.squeeze()", "The objective cannot be differentiated: 'squeeze' of shape (D,) drops an axis only where its extent is 1; name an axis of extent 1")]
    [InlineData("y.cumsum(0, ScalarType.Float64).sum()", "ARGMIN010", "ScalarType.Float64", "'ScalarType.Float64' sets a dtype; the layer keeps that of its inputs")]
    [InlineData("y.softmax(0, ScalarType.Float64).sum()", "ARGMIN010", "ScalarType.Float64", null)]
    [InlineData("y.logsumexp(n)", "ARGMIN001", "n", "The objective cannot be differentiated: the axes of 'logsumexp' must be constants")]
    [InlineData("y.diff(1, 0, y).sum()", "ARGMIN001", "y", "The objective cannot be differentiated: argument 'prepend' of 'diff' must have its default value")]
    [InlineData("y.norm(3f)", "ARGMIN001", "y.norm(3f)", "The objective cannot be differentiated: 'norm' has rules for the orders 1 and 2")]
    [InlineData("einsum(\"td,t->d\", x, y).sum()", "ARGMIN002", "einsum(\"td,t->d\", x, y)", "'einsum' does not fit shapes (T, D) and (D,)")]
    [InlineData("einsum(\"td->t\", y).sum()", "ARGMIN001", "\"td->t\"", "The objective cannot be differentiated: 'td' does not name the axes of the shape (D,)")]
    [InlineData("einsum(\"...d->d\", x * y).sum()", "ARGMIN001", "\"...d->d\"", "The objective cannot be differentiated: the result of '...d->d' must say where the axes of '...' go")]
    [InlineData("einsum(\"....d->...d\", y).sum()", "ARGMIN001", "\"....d->...d\"", "The objective cannot be differentiated: '....d->...d' is not an equation of letters for 1 tensors")]
    [InlineData("einsum(\"...td->...d\", y).sum()", "ARGMIN001", "\"...td->...d\"", "The objective cannot be differentiated: '...td' does not name the axes of the shape (D,)")]
    [InlineData("einsum(\"...,...\", x, t).sum()", "ARGMIN002", "einsum(\"...,...\", x, t)", "'einsum' does not fit shapes (T, D) and (T,)")]
    [InlineData("einsum(\"d->dd\", y).sum()", "ARGMIN001", "\"d->dd\"", "The objective cannot be differentiated: the result of 'd->dd' must name letters of the operands, each once")]
    [InlineData("x.inverse().mv(y).sum()", "ARGMIN001", "x.inverse()", "The objective cannot be differentiated: 'inverse' wants a square matrix, not the shape (T, D)")]
    [InlineData("linalg.solve(outer(y, y), t).sum()", "ARGMIN002", "linalg.solve(outer(y, y), t)", "'linalg.solve' does not fit shapes (D, D) and (T,)")]
    [InlineData("x.trace() * y.sum()", "ARGMIN001", "x.trace()", "The objective cannot be differentiated: 'trace' wants a square matrix, not the shape (T, D)")]
    [InlineData("y.outer(x).sum()", "ARGMIN002", "y.outer(x)", "'outer' does not fit shapes (D,) and (T, D)")]
    [InlineData("bmm(x, x).sum() * y.sum()", "ARGMIN002", "bmm(x, x)", "'bmm' does not fit shapes (T, D) and (T, D)")]
    [InlineData("y.diag(1).sum()", "ARGMIN001", "1", "The objective cannot be differentiated: only the main diagonal has a rule")]
    [InlineData("y.transpose(0, 1).sum()", "ARGMIN001", "1", "The objective cannot be differentiated: a tensor of shape (D,) has no such axes for 'transpose'")]
    [InlineData("x.permute(0).sum() * y.sum()", "ARGMIN001", "x.permute(0)", "The objective cannot be differentiated: 'permute' must name every axis")]
    [InlineData("y.dot(y).det()", "ARGMIN001", "y.dot(y).det()", "The objective cannot be differentiated: 'det' wants a square matrix, not the shape () (a scalar)")]
    [InlineData("linalg.norm(x, 2) * y.sum()", "ARGMIN001", "linalg.norm(x, 2)", "The objective cannot be differentiated: 'linalg.norm' of a matrix with an order is a norm of the operator, not of the elements; write linalg.vector_norm or leave the order out")]
    [InlineData("(y.abs() - c).relu().square().sum()", "ARGMIN009", "c", "The objective is differentiable only if 'c' is at least 0; promise that with [NonNegative]")]
    [InlineData("(y - y.clamp(-c, c)).square().sum()", "ARGMIN009", "c", "The objective is differentiable only if 'c' is greater than 0; promise that with [Positive]")]
    [InlineData("x.sum(0).dot(y)", "ARGMIN010", "0", "'sum(0)' binds 0 to the dtype uint8, not to the axis; write 'sum(dim: 0)'")]
    [InlineData("y.sum(ScalarType.Float64)", "ARGMIN010", "ScalarType.Float64", "'ScalarType.Float64' sets a dtype; the layer keeps that of its inputs")]
    [InlineData("x.sum(1, type: ScalarType.Float64).sum() * y.sum()", "ARGMIN010", "ScalarType.Float64", "'ScalarType.Float64' sets a dtype; the layer keeps that of its inputs")]
    [InlineData("y.sum() + t.sum()", "ARGMIN015", "F", "The objective is linear in 'y', so it has no minimum; add a term that grows, such as 0.5 * y.dot(y)")]
    [InlineData("3 * (0.1 * y.dot(y)) + (-0.3) * y.dot(y) + y.sum() + t.sum()", "ARGMIN015", "F", "The objective is linear in 'y', so it has no minimum; add a term that grows, such as 0.5 * y.dot(y)")]
    public void A_body(string body, string id, string? squiggle, string? message)
    {
        var source = Sources.Usings + $$"""
            public static class Objectives
            {
                private static readonly Tensor State = ones(3);

                {{Signature}} => {{body}};

                private static Tensor Loop(Tensor y) => Loop(y);

                private static Tensor Bad(Tensor y) => y.cumprod(0);
            }
            """;
        var diagnostic = Only(source);
        diagnostic.Id.ShouldBe(id);
        if (message is not null)
        {
            Message(diagnostic).ShouldBe(message);
        }

        if (squiggle is not null)
        {
            Squiggle(diagnostic).ShouldBe(squiggle);
        }
    }

    [Theory]
    [InlineData("""public static Tensor F([Shape("D")] Tensor y, [Shape("D")] Tensor x) => y.dot(x)""", "ARGMIN004", "F", "'F' has no tensor parameters with [Argmin]; mark exactly one, the variable to minimise over")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Argmin, Shape("D")] Tensor x) => y.dot(x)""", "ARGMIN004", "F", "'F' has 2 tensor parameters with [Argmin]; mark exactly one, the variable to minimise over")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, Tensor x) => y.dot(x)""", "ARGMIN005", "x", "Parameter 'x' is a tensor without [Shape]; state its extents, [Shape] alone for a scalar")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D", 0)] Tensor x) => y.dot(y)""", "ARGMIN005", "x", "Parameter 'x' has an extent 0; an extent is a name such as \"T\" or a number above 0")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("a b")] Tensor x) => y.dot(y)""", "ARGMIN005", "x", "Parameter 'x' has an extent \"a b\"; an extent is a name such as \"T\" or a number above 0")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D", "2")] Tensor x) => y.dot(y)""", "ARGMIN005", "x", "Parameter 'x' has an extent \"2\"; a number stands without quotation marks: 2")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Shape("D")] double c) => y.dot(x)""", "ARGMIN005", "c", "Parameter 'c' is a number; [Argmin] and [Shape] belong to tensors")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T")] Tensor x) => y.dot(y)""", "ARGMIN006", "F", "No input has an axis of extent 'D', so the layer cannot know the size of 'y'")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, double c, double C) => y.dot(x)""", "ARGMIN011", "C", "'C' collides with parameter 'c'; rename it")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, double name) => y.dot(x)""", "ARGMIN011", "name", "'name' collides with the layer's member 'Name'; rename it")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, double training) => y.dot(x)""", "ARGMIN011", "training", "'training' collides with the layer's member 'Training'; rename it")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, int forward) => y.dot(x)""", "ARGMIN011", "forward", "'forward' collides with the layer's member 'Forward'; rename it")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor wanted) => y.dot(wanted)""", "ARGMIN011", "wanted", "'wanted' collides with a parameter of the layer's members; rename it")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor torch, [Shape("D")] Tensor x) => torch.dot(x)""", "ARGMIN011", "torch", "'torch' collides with a parameter of the layer's members; rename it")]
    [InlineData("""public static Tensor F([Argmin, Shape(3)] Tensor y, double c) => c * y.dot(y)""", "ARGMIN012", "F", "The objective has no tensor inputs beside 'y'; a layer takes one to six")]
    [InlineData("""public static Tensor F([Argmin, Shape] Tensor y, [Shape] Tensor a, [Shape] Tensor b, [Shape] Tensor c, [Shape] Tensor d, [Shape] Tensor e, [Shape] Tensor f, [Shape] Tensor g) => y * y""", "ARGMIN012", "F", "The objective has 7 tensor inputs beside 'y'; a layer takes one to six")]
    [InlineData("""private static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => y.dot(x)""", "ARGMIN013", "F", "No layer can be generated for 'F': the method is not visible outside its type; make it internal or public")]
    [InlineData("""public static Tensor F<A>([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => y.dot(x)""", "ARGMIN013", "F", "No layer can be generated for 'F': the method is generic")]
    [InlineData("""public static double F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => 1""", "ARGMIN014", "double", "'F' must return a Tensor, not 'double'")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, ref Tensor x) => y.dot(x)""", "ARGMIN014", "x", "'F' takes 'x' by reference or as params; pass it by value")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, string s) => y.dot(x)""", "ARGMIN014", "s", "'F' has a parameter 's' of type 'string'; an objective takes Tensor, double and int")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor a, [Default(1), Shape("D")] Tensor x, [Shape("D")] Tensor t) => y.dot(x)""", "ARGMIN014", "t", "'F' has an input 't' without [Default] behind one that has it; move it forward")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Default(1), Shape("D")] Tensor x) => y.dot(x)""", "ARGMIN014", "x", "'F' has [Default] on 'x', but no input without it; a layer needs one")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Default(1), Shape("T")] Tensor w) => y.dot(x)""", "ARGMIN014", "w", "'F' has [Default] on 'w', whose extent 'T' no input without [Default] has")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Default(-1), NonNegative, Shape("D")] Tensor w) => y.dot(x)""", "ARGMIN014", "w", "'F' has [Default] on 'w', whose value breaks the promise [NonNegative]")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Default(0), Positive, Shape("D")] Tensor w) => y.dot(x)""", "ARGMIN014", "w", "'F' has [Default] on 'w', whose value breaks the promise [Positive]")]
    [InlineData("""public static Tensor F([Argmin, Shape("D"), Default(1)] Tensor y, [Shape("D")] Tensor x) => y.dot(x)""", "ARGMIN014", "y", "'F' has [Default] on 'y', which is the variable; only inputs can be left out")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Default(1)] double c) => y.dot(x)""", "ARGMIN014", "c", "'F' has [Default] on 'c', which is a number; give it a default value of C#")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Default(double.NaN), Shape("D")] Tensor w) => y.dot(x)""", "ARGMIN014", "w", "'F' has [Default] on 'w', whose value is not finite")]
    [InlineData("""public static Tensor F([Argmin, Shape("D"), PositiveDefinite] Tensor y, [Shape("D")] Tensor x) => y.dot(x)""", "ARGMIN014", "y", "'F' has [PositiveDefinite] on 'y', which is the variable; a layer promises nothing about it")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D"), PositiveDefinite] Tensor x) => y.dot(x[0])""", "ARGMIN014", "x", "'F' has [PositiveDefinite] on 'x', which is no square matrix but of shape (T, D)")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D", "D"), PositiveDefinite, Positive] Tensor x) => y.dot(x[0])""", "ARGMIN014", "x", "'F' has [PositiveDefinite] on 'x', beside a promise about its elements; make one of them")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [PositiveDefinite] double c) => y.dot(x)""", "ARGMIN014", "c", "'F' has [PositiveDefinite] on 'c', which is a number; promise [Positive]")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Default(1), PositiveDefinite, Shape("D", "D")] Tensor w) => y.dot(w.mv(x))""", "ARGMIN014", "w", "'F' has [Default] on 'w', which is promised to be positive definite; a matrix of equal elements is not")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T"), Ragged("T")] Tensor n) => y.dot(x[0])""", "ARGMIN014", "n", "'F' has [Ragged] on 'n', which is no scalar input; declare [Shape] alone")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("D")] Tensor n) => y.dot(x[0])""", "ARGMIN014", "n", "'F' has [Ragged] on 'n', but the variable 'y' has the extent 'D' too; what is minimised over cannot be padded")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("K")] Tensor n) => y.dot(x[0])""", "ARGMIN014", "n", "'F' has [Ragged] on 'n', but no input has the extent 'K'")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("T"), Default(3)] Tensor n) => y.dot(x[0])""", "ARGMIN014", "n", "'F' has [Ragged] on 'n', beside [Default]; a length cannot be left out")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("T")] Tensor n) => y.dot(x[^1])""", "ARGMIN021", "x[^1]", "Along the ragged extent 'T' a slice that does not keep all but a number of elements has no meaning: what it gives would depend on the padding behind 'n'")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("T")] Tensor n) => x.mv(y).flip(0).square().sum()""", "ARGMIN021", "x.mv(y).flip(0)", "Along the ragged extent 'T' flip has no meaning: what it gives would depend on the padding behind 'n'")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("T")] Tensor n) => (x * y).reshape(-1).square().sum()""", "ARGMIN021", "(x * y).reshape(-1)", "Along the ragged extent 'T' a reshape has no meaning: what it gives would depend on the padding behind 'n'")]
    [InlineData("""public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("T")] Tensor n) => (x.mm(x.T) + diag(x.mv(y).square())).logdet() + y.dot(y)""", "ARGMIN021", "(x.mm(x.T) + diag(x.mv(y).square())).logdet()", "Along the ragged extent 'T' a determinant has no meaning: what it gives would depend on the padding behind 'n'")]
    public void A_signature(string method, string id, string squiggle, string message)
    {
        var diagnostic = Only(Sources.Usings + $$"""
            public static class Objectives
            {
                [ArgminLayer] {{method}};
            }
            """);
        diagnostic.Id.ShouldBe(id);
        Message(diagnostic).ShouldBe(message);
        Squiggle(diagnostic).ShouldBe(squiggle);
    }

    [Theory]
    [InlineData("public static class Objectives<A> { METHOD }", "its type 'Objectives' is generic")]
    [InlineData("public static class Outer { private static class Objectives { METHOD } }", "its type 'Objectives' is private; make it internal or public")]
    [InlineData("file static class Objectives { METHOD }", "its type 'Objectives' is private; make it internal or public")]
    public void A_container(string container, string reason)
    {
        const string Method = """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum();""";
        var diagnostic = Only(Sources.Usings + container.Replace("METHOD", Method, StringComparison.Ordinal));
        diagnostic.Id.ShouldBe("ARGMIN013");
        Message(diagnostic).ShouldBe($"No layer can be generated for 'F': {reason}");
    }

    [Fact]
    public void An_instance_method_is_refused()
    {
        var diagnostic = Only(Sources.Usings + """
            public class Objectives { [ArgminLayer] public Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => y.dot(x); }
            """);
        diagnostic.Id.ShouldBe("ARGMIN014");
        Message(diagnostic).ShouldBe("'F' must be static: an objective has no state");
    }

    [Fact]
    public void Two_objectives_of_one_layer_name_are_refused()
    {
        const string Source = Sources.Usings + """
            public static class One { [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum(); }
            public static class Two { [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y + x).square().sum(); }
            public class FLayer { }
            """;
        var collisions = Compiler.Analyze(Source).Where(d => d.Id == "ARGMIN011").ToList();
        collisions.Count.ShouldBe(2);
        collisions.Select(Message).ShouldAllBe(message => message == "'FLayer' collides with another type of that name; rename it");
        Compiler.Generate(Source).ShouldBeEmpty();
    }

    [Fact]
    public void Two_layers_of_one_chosen_name_are_refused()
    {
        const string Source = Sources.Usings + """
            public static class One { [ArgminLayer("Nearest")] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum(); }
            public static class Two { [ArgminLayer("Nearest")] public static Tensor G([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y + x).square().sum(); }
            """;
        Compiler.Analyze(Source).Select(d => (d.Id, Message(d))).ShouldBe(
            [("ARGMIN011", "'Nearest' collides with another type of that name; rename it"), ("ARGMIN011", "'Nearest' collides with another type of that name; rename it")]);
        Compiler.Generate(Source).ShouldBeEmpty();
    }

    [Fact]
    public void All_errors_show_at_once()
    {
        var diagnostics = Compiler.Analyze(Sources.Usings + """
            public static class Objectives
            {
                [ArgminLayer]
                public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x)
                {
                    var a = y.cumprod(0);
                    var b = x.sum(0);
                    if (true) { }
                    return (x.mv(x) - y).sum() + a + b;
                }
            }
            """);
        diagnostics.Select(d => (d.Id, Squiggle(d))).ShouldBe(
            [("ARGMIN001", "y.cumprod(0)"), ("ARGMIN010", "0"), ("ARGMIN001", "if (true) { }"), ("ARGMIN002", "x.mv(x)")]);
    }

    [Fact]
    public void An_error_in_a_helper_shows_at_the_call_with_the_helpers_operation_beside_it()
    {
        var diagnostic = Compiler.Analyze(
            Sources.Usings + """
                public static class Objectives
                {
                    [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => y.dot(x) + Helpers.Outer(y);
                }
                """,
            Sources.Usings + """
                public static class Helpers
                {
                    public static Tensor Outer(Tensor y) => 2 * Inner(y);
                    private static Tensor Inner(Tensor y) => y.cumprod(0);
                }
                """).ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe("ARGMIN001");
        Squiggle(diagnostic).ShouldBe("Helpers.Outer(y)");
        var origin = diagnostic.AdditionalLocations.ShouldHaveSingleItem();
        origin.SourceTree!.FilePath.ShouldBe("Source1.cs");
        origin.SourceTree.GetText().ToString(origin.SourceSpan).ShouldBe("y.cumprod(0)");
    }

    [Theory]
    [InlineData(
        "0.5 * y.dot(y) + x.mv(y).exp().sum()",
        "FLayer: Twice continuously differentiable. Strongly convex with modulus 1: ½ Σ_d y_d² has that curvature in every direction, and the other terms are convex. The Hessian is diagonal plus low rank. Newton in the span of the predictors' rows: O(T² D + T³).")]
    [InlineData(
        "(y - t.median()).square().sum()", null)]
    [InlineData(
        "x.mv(y).square().sum().exp() + (y * y).sum().log1p()",
        "FLayer: Twice continuously differentiable. Curvature unknown: no rule for log1p. The Hessian is diagonal plus low rank. Newton: O((T + 2)² D + (T + 2)³) a step, or O(D³) where that is less.")]
    [InlineData(
        "(x - y).square().mean()",
        "FLayer: Twice continuously differentiable. Strongly convex with modulus 2 1/(D·T) T: 1/(D·T) Σ_td (x_td − y_d)² has that curvature in every direction. The Hessian is a constant multiple of the identity: one step solves. Newton: O(D) a step.")]
    [InlineData(
        "(y - y.mean()).square().sum() + 0.1 * y.dot(y)",
        "FLayer: Twice continuously differentiable. Strongly convex with modulus 0.2: 0.1 Σ_d y_d² has that curvature in every direction, and the other terms are convex. The Hessian is dense and constant: one step solves. Dense, because its terms have as many rows as there are unknowns: Cholesky. Newton: O(D³) a step.")]
    public void The_verdict(string body, string? message)
    {
        var diagnostics = Compiler.Analyze(Sources.Usings + $$"""
            public static class Objectives
            {
                {{Signature}} => {{body}};
            }
            """);
        if (message is null)
        {
            diagnostics.ShouldHaveSingleItem().Id.ShouldBe("ARGMIN001");
            return;
        }

        var verdict = diagnostics.Where(d => d.Id == "ARGMIN016").ShouldHaveSingleItem();
        verdict.Id.ShouldBe("ARGMIN016");
        verdict.Severity.ShouldBe(DiagnosticSeverity.Info);
        Message(verdict).ShouldBe(message);
        Squiggle(verdict).ShouldBe("F");
    }

    [Theory]
    [InlineData("(y - x).square().sum()", "The Hessian is a constant number: one step solves. Newton: O(1) a step.")]
    [InlineData("(y - x).square().sum() + y.exp()", "The Hessian is a number. Newton: O(1) a step.")]
    public void The_verdict_of_a_scalar_variable(string body, string message)
    {
        var diagnostics = Compiler.Analyze(Sources.Usings + $$"""
            public static class Objectives
            {
                [ArgminLayer] public static Tensor F([Argmin, Shape] Tensor y, [Shape("T")] Tensor x) => {{body}};
            }
            """);
        Message(diagnostics.Where(d => d.Id == "ARGMIN016").ShouldHaveSingleItem()).ShouldEndWith(message);
    }

    [Fact]
    public void Code_that_does_not_compile_is_left_to_the_compiler()
    {
        foreach (var body in new[] { "y.nothing()", "y.dot(missing)", "y +", "Missing.Helper(y)", "y.dot()" })
        {
            var source = Sources.Usings + $$"""public static class Objectives { {{Signature}} => {{body}}; }""";
            Compiler.Analyze(source).ShouldBeEmpty(body);
            Compiler.Generate(source).ShouldBeEmpty(body);
        }
    }

    private static Diagnostic Only(string source)
    {
        var diagnostic = Compiler.Analyze(source).ShouldHaveSingleItem();
        Compiler.Generate(source).ShouldBeEmpty();
        return diagnostic;
    }

    private static string Message(Diagnostic diagnostic) => diagnostic.GetMessage(CultureInfo.InvariantCulture);

    private static string Squiggle(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);
}
