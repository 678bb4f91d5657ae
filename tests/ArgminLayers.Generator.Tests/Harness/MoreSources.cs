namespace ArgminLayers.Generator.Tests.Harness;

/// <summary>Objectives that exercise the compiler beyond the poolings.</summary>
public static class MoreSources
{
    public static IEnumerable<(string Name, string Source)> All =>
        Bodies.Select(pair => (pair.Name, Sources.Usings + $$"""
            namespace Gallery;

            /// <summary>Objectives.</summary>
            public static class Objectives
            {
                /// <summary>{{pair.Name}}.</summary>
                [ArgminLayer]
                public static Tensor {{pair.Name}}({{pair.Parameters}}) => {{pair.Body}};

                private static Tensor Squares(Tensor x) => (x * x).sum();
            }
            """));

    private static (string Name, string Parameters, string Body)[] Bodies =>
    [
        ("Ridge", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor t, [Shape, Positive] Tensor lambda_""",
            "0.5 * Squares(matmul(x, y) - t) + 0.5 * lambda_ * Squares(y)"),
        ("SquaredSelection", """[Argmin, Shape("D", "K")] Tensor y, [Shape("K")] Tensor x, [Shape("D")] Tensor centre, [Positive] double c""",
            "c * einsum(\"ij,ij,ij->i\", where(x.le(0), 0 * y, y), y, where(x.le(0), 0 * y, y)).exp().sum() + (y - centre.unsqueeze(1)).square().sum()"),
        ("NumberCompared", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Shape] Tensor s""",
            "(where((s - s).gt(0.1), y, x) * y).sum() + (where((s - s).lt(0.1), 2 * y, x) * y * y).exp().sum() + y.square().sum()"),
        ("RidgeWithCentre", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("D")] Tensor centre, [Positive] double rho""",
            "0.5 * rho * (y - centre).square().sum() + (x.mv(y) + 1).softplus().sum()"),
        ("RidgeWithOffset", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("D")] Tensor centre""",
            "y.pow(2).sum() + x.mv(y - centre).exp().mean()"),
        ("Logistic", """[Argmin, Shape("D")] Tensor w, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor label, [Positive] double ridge = 0.5""",
            "(-label * x.mv(w)).softplus().sum() + 0.5 * ridge * w.dot(w)"),
        ("Poisson", """[Argmin, Shape("D")] Tensor w, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor count""",
            "(0.1 * x.mv(w)).exp().sum() - count.dot(x.mv(w)) + 0.5 * w.dot(w)"),
        ("PseudoHuber", """[Argmin, Shape] Tensor y, [Shape("T")] Tensor x, [Positive] double delta = 1.0""",
            "(1 + ((y - x) / delta).square()).sqrt().sum()"),
        ("Polynomial", """[Argmin, Shape] Tensor y, [Shape] Tensor x""", "0.25 * y.pow(4) + 0.5 * y.square() - x * y"),
        ("WeightedMean", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T"), NonNegative] Tensor w""",
            "0.5 * w.dot((y - x).square().sum(dim: 1))"),
        ("Separable", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor a, [Shape("D")] Tensor b""",
            "y.exp().sum() + (a * y.sigmoid()).sum() - (b * y.tanh()).mean() + y.square().sum()"),
        ("Dense", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("D", "D")] Tensor q""",
            "0.5 * y.dot(q.mv(y)) + (1 + x.mv(y).square().sum()).log() + y.square().sum()"),
        ("TwoPredictors", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("K", "D")] Tensor z""",
            "x.mv(y).exp().mean() + z.mv(y).square().sum() + 0.5 * y.dot(y)"),
        ("MatrixRidge", """[Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor t""",
            "(x.mm(y) - t).square().sum() + 0.5 * y.square().sum()"),
        ("PositiveVariable", """[Argmin, Shape("D"), Positive] Tensor y, [Shape("T", "D")] Tensor x""",
            "y.abs().sum() + 0.1 * x.mv(y).atan().sum() + y.square().sum()"),
        ("PositiveVariableDifferences", """[Argmin, Shape("D"), Positive] Tensor y, [Shape("D")] Tensor x, [Positive] double c""",
            "c * y.abs().sum() + y.diff(dim: -1).square().sum() + (y - x.abs() - c - 1).square().sum()"),
        ("PositiveVariableAlone", """[Argmin, Shape("D"), Positive] Tensor y, [Shape("D")] Tensor x""",
            "y.abs().sum() + (y - x.abs() - 1).square().sum()"),
        ("Ratio", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor a""", "(a * y).sum() / (1 + y.square().sum()) + y.dot(y)"),
        ("SquaredHinge", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor label""",
            "0.5 * y.dot(y) + nn.functional.relu(1 - label * x.mv(y)).square().sum()"),
        ("Numbers", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor a, int order = 2, [Positive] double scale = 1.5""",
            "System.Math.Sqrt(scale) * (y - order * a / scale).square().sum() + y.dot(a) / order"),
        ("FixedExtent", """[Argmin, Shape(3)] Tensor y, [Shape("T", 3)] Tensor x""", "(x - y).square().mean() + (x.mv(y)).exp().mean()"),
        ("Transposed", """[Argmin, Shape("D")] Tensor y, [Shape("D", "T")] Tensor x""", "matmul(y, x).cosh().sum() + y.dot(y)"),
        ("Cube", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x""", "x.mv(y).relu().pow(3).sum() + y.dot(y)"),
        ("Dims", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x""",
            "(x * y).square().mean(new long[] { -1 }).sum() + (x - y).exp().sum([0, 1]) + (x - y).square().sum(dim: -2, keepdim: true).mean([1], false).sum() + y.dot(y)"),
        ("RidgeWithBias", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor t, [Shape("D"), NonNegative] Tensor penalty""",
            "(x.mv(y) - t).square().sum() + 0.5 * (penalty * y.square()).sum()"),
        ("Cauchy", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x""", "(1 + x.mv(y).square().sum()).log() + 2 * y.dot(y)"),
        ("CrossTerms", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T", "D")] Tensor z, [Shape("D")] Tensor a""",
            "(x.mv(y).tanh() * z.mv(y)).sum() + a.dot(y) * x.mv(y).sigmoid().sum() + 3 * y.pow(4).sum()"),
        ("Cubes", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x""", "(1 + (x * y).square().sum(1).exp()).log().sum() + y.dot(y) + (x.mv(y) * x.mv(y) * x.mv(y)).sum().exp()"),
        ("MatrixPoisson", """[Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor t, [Positive] double rho""",
            "(0.1 * x.mm(y)).exp().sum() - (t * x.mm(y)).sum() + rho * y.square().sum()"),
        ("RowRidge", """[Argmin, Shape("K", "D")] Tensor y, [Shape("D", "T")] Tensor x, [Shape("K", "T")] Tensor t, [Shape("K"), NonNegative] Tensor w""",
            "((y.mm(x) - t).square().sum(dim: 1) * w).sum() + y.square().sum()"),
        ("Multinomial", """[Argmin, Shape("D", "K")] Tensor w, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor label""",
            "(x.mm(w).logsumexp(1) - (label * x.mm(w)).sum(1)).sum() + 0.5 * w.square().sum()"),
        ("Precision", """[Argmin, Shape("D", "D")] Tensor p, [Shape("D", "D")] Tensor s""",
            "(p * s).sum() - logdet(p.mm(p.T) + diag(1 + s.diag().square())) + p.square().sum()"),
        ("MatrixLayout", """[Argmin, Shape("D", "K")] Tensor y, [Shape("D", "K")] Tensor x""",
            "(y.flip(0).cumsum(0) * x).exp().mean() + y.T.mm(x).trace() + (y.softmax(1) * x).sum() + cat([y, x], 1).square().sum() + (y[0] * x[-1]).sin().sum() + y.flatten().dot(x.reshape(-1)).sin()"),
        ("Sandwich", """[Argmin, Shape("D", "K")] Tensor y, [Shape("D", "D")] Tensor a, [Shape("K", "K")] Tensor b, [Shape("D", "K")] Tensor c""",
            "0.5 * (a.mm(y).mm(b) - c).square().sum() + einsum(\"dk,ek,de->\", y, y, a.mm(a.T)) + linalg.solve(a.mm(a.T) + diag(1 + a.diag().square()), y).mul(c).sum().sin() + y.square().sum()"),
        ("FixedMatrix", """[Argmin, Shape(3, 2)] Tensor y, [Shape("T", 6)] Tensor x""",
            "x.mv(y.reshape(6)).square().sum() + y.flatten().unflatten(0, 2, 3).mv(y[.., 0]).sin().sum() + y.square().sum()"),
        ("ScalarVariable", """[Argmin, Shape] Tensor y, [Shape("T"), Positive] Tensor w""",
            "(w * y).exp().sum() + stack([y, y * y]).logsumexp(0) + y.square() * w.max() + reshape(y, 1).cos().sum() + where(w > 0.5, y * w, y).square().mean()"),
        ("KeepDim", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x""",
            "((x - y) / (1 + x.square().sum(1, keepdim: true))).square().sum() + y.square().sum()"),
        ("PairwiseHinge", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T", "T"), NonNegative] Tensor pair""",
            "0.5 * y.dot(y) + (pair * (1 - (x.mv(y).unsqueeze(0) - x.mv(y).unsqueeze(1))).relu().square()).sum()"),
        ("SoftMaximum", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor b, [Shape("D")] Tensor a, [Positive] double rho""",
            "(x.mv(y - a) + b).logsumexp(0) + a.dot(y) + rho * y.dot(y)"),
        ("TwoCoupled", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("K", "D")] Tensor z""",
            "cat([x.mv(y), z.mv(y)]).logsumexp(0) + x.mv(y).exp().sum() + y.dot(y)"),
        ("Image", """[Argmin, Shape("D", "K")] Tensor y, [Shape("D", "K")] Tensor x, [Shape("K"), NonNegative] Tensor w""",
            "(y - x).square().sum() + y.diff(dim: 0).square().sum() + 0.5 * (w * y.flip(1).cumsum(1).square()).sum()"),
        ("ImageRows", """[Argmin, Shape("D", "K")] Tensor y, [Shape("D", "K")] Tensor x, [Positive] double c""", "(y - x).square().sum() + c * y.diff(dim: 0).square().sum()"),
        ("Sylvester", """[Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor a, [Shape("K", "T")] Tensor b, [Shape("T", "K")] Tensor c, [Positive] double rho""",
            "0.5 * (a.mm(y) - c).square().sum() + rho * y.mm(b).square().sum()"),
        ("TwoSides", """[Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor a, [Shape("K", "T")] Tensor b, [Shape("T", "T")] Tensor c, [Shape, Positive] Tensor rho""",
            "0.5 * (a.mm(y).mm(b) - c).square().sum() + rho * (y - 1).square().sum()"),
        ("Threshold", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Shape, NonNegative] Tensor c""",
            "0.5 * (y - x).square().sum() + c * (y.abs() - 0.1).relu().square().sum()"),
        ("MatrixThreshold", """[Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor t""",
            "0.5 * y.square().sum() + (x.mm(y) - t).relu().square().sum() + y.sum().relu().square()"),
        ("HuberByClamp", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Positive] double delta = 0.7""",
            "0.5 * (y - x).clamp(-delta, delta).square().sum() + delta * ((y - x).abs() - (y - x).clamp(-delta, delta).abs()).sum() + 0.1 * y.dot(y)"),
        ("HuberOfPredictors", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor t, [Shape("T"), NonNegative] Tensor w, [Shape, Positive] Tensor delta""",
            "(w * clamp(x.mv(y) - t, -delta, delta) * (x.mv(y) - t - 0.5 * clamp(x.mv(y) - t, -delta, delta))).sum() + 0.5 * y.dot(y)"),
        ("HuberByNumbers", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x""",
            "((y - x).clamp(-1.25, 1.25) * (y - x - 0.5 * (y - x).clamp(-1.25, 1.25))).sum().exp() + y.dot(y)"),

        // Found by the fuzzer.
        ("HessianOfNumbers", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Positive] double c""", "0.1 * (y.abs() * y.abs()).sum() + c * y.dot(y) + x.dot(y)"),
        ("QuotientOfInts", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Positive] int n""", "n * ((y - x) / n / n).exp().sum() + y.dot(y) / (n + n)"),
        ("MeanAsPredictor", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x""",
            "y.mean([0], keepdim: true).exp().sum() + y.dot(y) + x.sum()"),
        ("MeanOverPredictors", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x""", "x.mv(y).sigmoid().mean() + 0.5 * y.dot(y)"),
        ("OddPredictor", """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x""", "x.mv(y).sigmoid().sum() + (-2 * x.mv(y)).sigmoid().sum() + y.dot(y)"),
        ("SelectionOfScalars", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Shape] Tensor v""",
            "where(v > 0, x, y.dot(x)).square().sum() + (where(v > 0, y.dot(x), x) * y.unsqueeze(-1)).exp().sum() + y.dot(y)"),
        ("DiagonalOfVariable", """[Argmin, Shape("D", "D")] Tensor y, [Shape("D"), Positive] Tensor x""", "y.diag().exp().dot(x) + y.trace().exp() + 0.5 * y.square().sum()"),
        ("FunctionsOfNumbers", """[Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Positive] double c""",
            "y.dot(y) + (y - y + c).sigmoid().sum() + (y - y).softplus().sum() * x.dot(y) + (y - y + c).erf().mean() + (y - y + c).expm1().log1p().sum()"),
    ];
}
