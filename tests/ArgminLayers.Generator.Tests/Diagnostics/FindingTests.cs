using System.Globalization;
using ArgminLayers.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Generator.Tests.Diagnostics;

/// <summary>What the analyzer says about objectives that are understood: by id, message and the text under the squiggle.</summary>
public class FindingTests
{
    [Theory]
    [InlineData(
        """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x""", "(y.diff() - x.diff()).square().sum()", "ARGMIN017", "F",
        "Only D - 1 combinations of the D numbers of 'y' are curved, so the Hessian is singular everywhere and no minimiser is unique; regularise 'y', for example with 0.5 * y.dot(y)")]
    [InlineData(
        """[Argmin, Shape(3)] Tensor y, [Shape(2, 3)] Tensor x""", "x.mv(y).exp().sum() - y.sum()", "ARGMIN017", "F",
        "Only 2 combinations of the 3 numbers of 'y' are curved, so the Hessian is singular everywhere and no minimiser is unique; regularise 'y', for example with 0.5 * y.dot(y)")]
    [InlineData(
        """[Argmin, Shape(3)] Tensor y, [Shape(3)] Tensor x""", "(y - x).narrow(0, 0, 2).square().sum()", "ARGMIN017", "F",
        "Only 2 combinations of the 3 numbers of 'y' are curved, so the Hessian is singular everywhere and no minimiser is unique; regularise 'y', for example with 0.5 * y.dot(y)")]
    [InlineData(
        """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x""", "(y - x).sin().sum() + 0.25 * y.dot(y)", "ARGMIN018", "(y - x).sin()",
        "The objective is not known to be convex: no rule shows the curvature of sin. A minimum that the solver finds may be a local one.")]
    [InlineData(
        """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Shape("D")] Tensor w""", "(w * (y - x).square()).sum()", "ARGMIN018", "(w * (y - x).square()).sum()",
        "The objective is not known to be convex: no rule shows the curvature of a product whose sign or form is unknown. A minimum that the solver finds may be a local one; with [NonNegative] on 'w' it is convex.")]
    [InlineData(
        """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, double c""", "(c + (y - x).square()).sqrt().sum()", "ARGMIN009", "c",
        "The objective is differentiable only if 'c' is greater than 0; promise that with [Positive]")]
    [InlineData(
        """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Shape("T")] Tensor t, int n = 1""", "(y - x).square().sum()", "ARGMIN019", "t",
        "'t' is not used by the objective, so the minimiser does not depend on it; use it or remove it")]
    public void An_objective(string parameters, string body, string id, string squiggle, string message)
    {
        var diagnostic = Compiler.Analyze(Source(parameters, body)).Where(found => found.Id == id).First();
        Message(diagnostic).ShouldBe(message);
        Squiggle(diagnostic).ShouldBe(squiggle);
        (Compiler.Generate(Source(parameters, body)).Count == 0).ShouldBe(diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("""[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor like, [Shape("T")] Tensor x""", "(y.sum() - x.sum()).square() + y.dot(y)")]
    [InlineData("""[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x""", "(y.sum() - x.sum()).square() + 0.1 * y.dot(y)")]
    [InlineData("""[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x""", "x.mv(y).cosh().sum()")]
    public void Nothing_but_the_verdict(string parameters, string body) =>
        Compiler.Analyze(Source(parameters, body)).ShouldHaveSingleItem().Id.ShouldBe("ARGMIN016");

    [Fact]
    public void Every_parameter_without_use_is_found() =>
        Compiler.Analyze(Source("""[Argmin, Shape("D")] Tensor y, double a, [Shape("D")] Tensor x, [Shape("T")] Tensor t, int n = 1""", "(y - x).square().sum()"))
            .Where(found => found.Id == "ARGMIN019").Select(Squiggle).ShouldBe(["a", "t", "n"]);

    [Theory]
    [InlineData("new(new ArgminOptions { Hessian = HessianForm.Woodbury })", "HessianForm.Woodbury", "HessianForm.Woodbury works on the factors of a Hessian that is diagonal plus low rank, which 'MeanLayer' has not: its Hessian is a multiple of the identity; use HessianForm.Auto")]
    [InlineData("new(options: new() { Hessian = HessianForm.ShermanMorrison })", "HessianForm.ShermanMorrison", "HessianForm.ShermanMorrison works on the factors of a Hessian that is diagonal plus low rank, which 'MeanLayer' has not: its Hessian is a multiple of the identity; use HessianForm.Auto")]
    [InlineData("new(new ArgminOptions { MaxIterations = 5, Solver = SolverKind.SpanNewton })", "SolverKind.SpanNewton", "SolverKind.SpanNewton needs linear predictors and an isotropic quadratic with a positive factor, which 'MeanLayer' has not: its objective has no such form; use SolverKind.Auto")]
    [InlineData("new(new ArgminOptions { Hessian = HessianForm.Diagonal, Solver = SolverKind.Newton })", "", "")]
    public void An_option_that_does_not_apply(string creation, string squiggle, string message)
    {
        var source = Sources.Usings + $$"""
            public static class Objectives
            {
                [ArgminLayer] public static Tensor Mean([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x) => (x - y).square().sum();
                public static MeanLayer Make() => {{creation}};
            }
            """;
        var found = Compiler.Analyze(Compiler.Compile(source)).Where(diagnostic => diagnostic.Id == "ARGMIN020").ToList();
        found.Select(Squiggle).ShouldBe(squiggle.Length == 0 ? [] : [squiggle]);
        found.Select(Message).ShouldBe(message.Length == 0 ? [] : [message]);
    }

    [Theory]
    [InlineData("HessianForm.Woodbury", "SolverKind.SpanNewton", "x.mv(y).exp().sum() + y.dot(y)", 0)]
    [InlineData("HessianForm.Woodbury", "SolverKind.SpanNewton", "x.mv(y).exp().sum() + y.exp().sum()", 1)]
    [InlineData("HessianForm.ShermanMorrison", "SolverKind.SpanNewton", "x.mv(y).exp().sum()", 2)]
    [InlineData("HessianForm.Kronecker", "SolverKind.SpanNewton", "x.mv(y).logsumexp(0) + y.dot(y)", 1)]
    public void Options_are_held_against_what_the_objective_is(string form, string solver, string body, int count)
    {
        var source = Sources.Usings + $$"""
            public static class Objectives
            {
                [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x) => {{body}};
                public static FLayer Make() => new(new ArgminOptions { Hessian = {{form}}, Solver = {{solver}} });
            }
            """;
        Compiler.Analyze(Compiler.Compile(source)).Count(diagnostic => diagnostic.Id == "ARGMIN020").ShouldBe(count);
    }

    private static string Source(string parameters, string body) =>
        Sources.Usings + $$"""public static class Objectives { [ArgminLayer] public static Tensor F({{parameters}}) => {{body}}; }""";

    private static string Message(Diagnostic diagnostic) => diagnostic.GetMessage(CultureInfo.InvariantCulture);

    private static string Squiggle(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);
}
