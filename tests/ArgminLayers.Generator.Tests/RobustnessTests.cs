using System.Globalization;
using ArgminLayers.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TorchSharp;

namespace ArgminLayers.Generator.Tests;

/// <summary>Odd names and places, other cultures, code that is half typed, mutated output.</summary>
public class RobustnessTests
{
    [Theory]
    [InlineData("sv-SE")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void The_generated_code_is_the_same_in_every_culture(string culture)
    {
        var source = Sources.RankPooling.Replace("0.5 *", "0.125 * 1e-7 * 1234567.5 *", StringComparison.Ordinal).Replace("epsilon = 0.1", "intensity = -0.1", StringComparison.Ordinal)
            .Replace("epsilon", "intensity", StringComparison.Ordinal);
        var before = CultureInfo.CurrentCulture;
        var expected = Compiler.Generate(source).Single();
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = new CultureInfo(culture);
            Compiler.Generate(source).Single().ShouldBe(expected);
            Compiler.Load(source);
        }
        finally
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = before;
        }
    }

    [Theory]
    [InlineData("""namespace A { public static class Objectives { [ArgminLayer] public static Tensor F(PARAMETERS) => BODY; } } namespace B { public static class Objectives { [ArgminLayer] public static Tensor F(PARAMETERS) => BODY; } }""", 2)]
    [InlineData("""namespace A.@class.@event { public static class Objectives { [ArgminLayer] public static Tensor F(PARAMETERS) => BODY; } }""", 1)]
    [InlineData("""public static class Outer { internal static class Middle { public static class Objectives { [ArgminLayer] public static Tensor F(PARAMETERS) => BODY; } } }""", 1)]
    [InlineData("""internal class Objectives { [ArgminLayer("Nearest")] internal static Tensor F(PARAMETERS) => BODY; }""", 1)]
    [InlineData("""public static class Objectives { [ArgminLayer] public static Tensor @default(PARAMETERS) => BODY; }""", 1)]
    [InlineData("""public static class Objectives { [ArgminLayer] public static Tensor F(PARAMETERS) { Tensor @int = BODY; Tensor scalar = @int; return scalar; } }""", 1)]
    [InlineData("""public static class Objectives { [ArgminLayer] public static Tensor F([Argmin, Shape("T")] Tensor @new, [Shape("T")] Tensor @this, double @double = 1) => (@new - @double * @this).square().sum(); }""", 1)]
    [InlineData("""public static class Objectives { [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor direction, [Shape("D")] Tensor lambda, [Shape("T", "D")] Tensor z, [Shape("T")] Tensor zeta, [Positive] double p = 2) => (lambda * direction).exp().sum() + p * direction.dot(direction) + (z.mv(direction) - zeta).square().sum(); }""", 1)]
    [InlineData("""public static class Objectives { [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor product, [Shape("D")] Tensor sum, double D = 1) => ((product - sum).square() * (product - sum).square()).sum() + (D * product).exp().sum() / 3; }""", 1)]
    [InlineData("""public partial record struct Objectives { [ArgminLayer] public static Tensor F(PARAMETERS) => BODY; }""", 1)]
    public void Odd_names_and_places(string code, int layers)
    {
        var source = Sources.Usings + "#pragma warning disable CS1591\n" + code
            .Replace("PARAMETERS", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x""", StringComparison.Ordinal)
            .Replace("BODY", "(y - x).square().sum()", StringComparison.Ordinal);
        Compiler.Analyze(source).Select(d => d.Id).ShouldBe(Enumerable.Repeat("ARGMIN016", layers));
        Compiler.Generate(source).Count.ShouldBe(layers);
        Compiler.Load(source);
    }

    [Theory]
    [InlineData("public", "public", true)]
    [InlineData("internal", "public", false)]
    [InlineData("public", "internal", false)]
    public void The_layer_has_the_narrowest_accessibility(string type, string method, bool isPublic)
    {
        var source = Sources.Usings + $$"""
            #pragma warning disable CS1591
            {{type}} static class Objectives { [ArgminLayer] {{method}} static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum(); }
            """;
        Compiler.Load(source).GetTypes().Single(t => t.Name == "FLayer").IsPublic.ShouldBe(isPublic);
    }

    [Fact]
    public void A_consumers_global_aliases_do_not_disturb() =>
        Compiler.Load(Sources.RankPooling, "global using Tensor = TorchSharp.torch.Tensor;\nglobal using Scalar = TorchSharp.Scalar;\nglobal using static TorchSharp.torch;");

    [Fact]
    public void A_layer_in_the_global_namespace_stands_beside_a_consumers_aliases()
    {
        // Without a namespace line.
        var source = string.Join('\n', Sources.RankPooling.Split('\n').Where(line => !line.StartsWith("namespace", StringComparison.Ordinal)));
        var assembly = Compiler.Load(source, "global using Tensor = TorchSharp.torch.Tensor;\nglobal using Scalar = TorchSharp.Scalar;\nglobal using static TorchSharp.torch;");
        assembly.GetType("RankPoolingLayer").ShouldNotBeNull();
    }

    [Fact]
    public void Defaults_and_properties_are_the_objectives()
    {
        var type = Compiler.Load(Sources.Usings + """
            #pragma warning disable CS1591
            public static class Objectives
            {
                [ArgminLayer]
                public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, double first, double epsilon = -0.25, int order = 3, double large = 1e300) =>
                    (y - first * epsilon * large * order * x).square().sum();
            }
            """).GetType("FLayer")!;
        var parameters = type.GetConstructors().Single().GetParameters();
        parameters.Select(p => p.Name).ShouldBe(["first", "epsilon", "order", "large", "options"]);
        parameters.Select(p => p.DefaultValue).ShouldBe([DBNull.Value, -0.25, 3, 1e300, null]);
        using var layer = (IDisposable)Activator.CreateInstance(type, 0.5, 2.0, 4, 8.0, null)!;
        new[] { "First", "Epsilon", "Order", "Large" }.Select(name => type.GetProperty(name)!.GetValue(layer)).ShouldBe([0.5, 2.0, 4, 8.0]);
        type.GetProperties().Where(p => p.DeclaringType == type).ShouldAllBe(p => !p.CanWrite);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("for (;;) { }")]
    [InlineData("await System.Threading.Tasks.Task.Yield();")]
    [InlineData("System.Func<Tensor> f = () => y;")]
    [InlineData("y = y + 1;")]
    [InlineData("using var s = y;")]
    [InlineData("goto end; end: ;")]
    [InlineData("throw new System.Exception();")]
    [InlineData("Tensor later; later = y;")]
    [InlineData("{ }")]
    [InlineData("static Tensor Local(Tensor a) => a; y = Local(y);")]
    [InlineData("var (a, b) = (y, y);")]
    [InlineData("_ = y.sum(); ;")]
    [InlineData("switch (1) { default: break; }")]
    [InlineData("lock (x) { }")]
    [InlineData("try { } finally { }")]
    public void Statements_that_are_not_mathematics_are_refused(string statement)
    {
        var source = Sources.Usings + $$"""
            public static class Objectives
            {
                [ArgminLayer]
                public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x)
                {
                    {{statement}}
                    return (y - x).square().sum();
                }
            }
            """;
        Compiler.Generate(source).ShouldBeEmpty();
        var diagnostics = Compiler.Analyze(source);
        diagnostics.ShouldAllBe(d => d.Id == "ARGMIN001");
        (diagnostics.Count > 0 || Compiler.Compilation(source).GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("parentheses")]
    [InlineData("calls")]
    [InlineData("summands")]
    [InlineData("factors")]
    [InlineData("kinks")]
    [InlineData("functions")]
    [InlineData("helpers")]
    [InlineData("locals")]
    public void Deep_and_huge_objectives_become_layers(string form)
    {
        static string Repeat(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));
        var body = form switch
        {
            "parentheses" => "=> (" + new string('(', 1000) + "y" + Repeat(1000, _ => " + x)") + ").square().sum();",
            "calls" => "=> 0.5 * y.dot(y) + " + Repeat(1000, _ => "sin(") + "y" + new string(')', 1000) + ".sum();",
            "summands" => "=> 0.5 * y.dot(y)" + Repeat(400, k => $" + (y * {k}.5 + x).exp().sum()") + ";",
            "factors" => "=> 0.5 * y.dot(y) + (y" + Repeat(1000, k => $" * (x + {k}.5)") + ").sum();",
            "kinks" => "=> 0.5 * y.dot(y)" + Repeat(400, k => $" + (y - {k}.5 * x).relu().square().sum()") + ";",
            "functions" => "=> 0.5 * y.dot(y) + " + Repeat(250, _ => "sin(x * tanh(0.5 * sigmoid(") + "y" + Repeat(250, _ => ")))") + ".sum();",
            "helpers" => "=> H0(y, x); " + Repeat(300, k => $"private static Tensor H{k}(Tensor y, Tensor x) => H{k + 1}(y + 0.5 * x, x); ") + "private static Tensor H300(Tensor y, Tensor x) => y.square().sum();",
            _ => "{ var a0 = y; " + Repeat(60, k => $"var a{k + 1} = a{k} * a{k} + x; ") + "return 0.5 * y.dot(y) + a60.sum(); }",
        };
        var source = Sources.Usings + $$"""
            #pragma warning disable CS1591
            public static class Objectives { [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) {{body}} }
            """;
        Compiler.Load(source).GetType("FLayer").ShouldNotBeNull();
        Compiler.Analyze(source).Where(d => d.Severity == DiagnosticSeverity.Info).Select(d => d.Id).ShouldContain("ARGMIN016");
    }

    /// <summary>As deep, and wrong: an error and no layer.</summary>
    [Theory]
    [InlineData("sin(", "frac(y)", ")")]
    [InlineData("(", "y.frac()", " + x)")]
    [InlineData("sin(", "y.mv(x)", ")")]
    public void Deep_objectives_with_an_error_in_their_depth_are_refused(string open, string inside, string close)
    {
        var source = Sources.Usings + $$"""
            public static class Objectives
            {
                [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) =>
                    {{string.Concat(Enumerable.Repeat(open, 1000))}}{{inside}}{{string.Concat(Enumerable.Repeat(close, 1000))}}.sum();
            }
            """;
        Compiler.Generate(source).ShouldBeEmpty();
        Compiler.Analyze(source).Single().Severity.ShouldBe(DiagnosticSeverity.Error);
    }

    /// <summary>As deep, and half typed: the compiler's own errors, and no exception.</summary>
    [Fact]
    public void Deep_objectives_that_do_not_compile_are_passed_over()
    {
        var source = Sources.Usings + $$"""
            public static class Objectives
            {
                [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => {{string.Concat(Enumerable.Repeat("sin(", 1000))}}y + 
            }
            """;
        Compiler.Generate(source).ShouldBeEmpty();
        Compiler.Analyze(source).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("public static Tensor Gradient", ".mul(difference.sign())", "")]
    [InlineData("public static Tensor HessianVectorProduct", "v.matmul(direction", "v.neg().matmul(direction")]
    [InlineData("public static Tensor HessianDiagonal", "v.mul(v)", "v")]
    [InlineData("public static Tensor Hessian(", ".lt(Zero)", ".gt(Zero)")]
    [InlineData("public static Tensor?[] MixedVjp(", "selected.neg()", "selected")]
    [InlineData("public static Tensor?[] MixedVjpAt(", "Sum((p, lambda), (q, u))", "Sum((q, lambda), (p, u))")]
    [InlineData("public static Tensor PhiCurvature(", "weight.mul(cScalar)", "weight")]
    public void The_differential_test_catches_a_mutant(string member, string original, string mutant)
    {
        var compilation = Compiler.Compile(Sources.RankPooling);
        var tree = compilation.SyntaxTrees.Last();
        var text = tree.ToString();
        var start = text.IndexOf(member, StringComparison.Ordinal);
        var at = text.IndexOf(original, start, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(start);
        text.IndexOf("\n    }", start, StringComparison.Ordinal).ShouldBeGreaterThan(at);
        var mutated = text[..at] + mutant + text[(at + original.Length)..];
        var options = (CSharpParseOptions)tree.Options;
        var layer = new Layer(Compiler.Emit(compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(mutated, options))), "RankPooling");

        using var scope = torch.NewDisposeScope();
        var extents = new Dictionary<string, long> { ["T"] = 5, ["D"] = 4 };
        Should.Throw<ShouldAssertException>(() => PieceChecks.Check(layer, 3, extents));
    }
}
