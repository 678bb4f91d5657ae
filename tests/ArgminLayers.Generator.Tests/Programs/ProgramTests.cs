using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Tests.Programs;

using Promise = ArgminLayers.Generator.Programs.Promise;

/// <summary>Shapes, equality, print and simplification of programs.</summary>
public class ProgramTests
{
    private static readonly Extent T = Extent.Of("T");
    private static readonly Extent D = Extent.Of("D");

    [Fact]
    public void Extents_are_equal_when_their_normal_forms_are()
    {
        (T + Extent.Of(1) - Extent.Of(1)).ShouldBe(T);
        (T * D).ShouldBe(D * T);
        ((T + Extent.Of(1)) * (T - Extent.Of(1))).ShouldBe((T * T) - Extent.Of(1));
        ((T * D) - (Extent.Of(2) * T)).ToString().ShouldBe("D·T - 2·T");
        (T - T).Number.ShouldBe(0);
        (Extent.Of(3) * Extent.Of(4)).Number.ShouldBe(12);
        T.ShouldNotBe(D);
        ((T * D) + Extent.Of(5)).Evaluate(symbol => symbol == "T" ? 4 : 3).ShouldBe(17);
    }

    [Fact]
    public void Contractions_that_mean_the_same_are_one_value()
    {
        var b = new ProgramBuilder();
        var (v, u) = (Tensor(b, "v", T, D), Tensor(b, "u", D));
        var first = b.Contract(1, [new Factor(v, EquatableArray.Of(7, 3)), new Factor(u, EquatableArray.Of(3))], [7]);
        var second = b.Contract(1, [new Factor(u, EquatableArray.Of(0)), new Factor(v, EquatableArray.Of(5, 0))], [5]);
        second.ShouldBe(first);
        b[first].Axes.ShouldBe(EquatableArray.Of(T));
    }

    [Fact]
    public void Programs_that_are_built_alike_are_equal()
    {
        Program Build()
        {
            var b = new ProgramBuilder();
            var u = Tensor(b, "u", D);
            b.Name(u, "u");
            return b.Build(b.Contract(0.5, [b.Own(u), b.Own(u)], []));
        }

        Build().ShouldBe(Build());
        Build().GetHashCode().ShouldBe(Build().GetHashCode());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var b = new ProgramBuilder();
        var (v, u, t) = (Tensor(b, "v", T, D), Tensor(b, "u", D), Tensor(b, "t", T));
        Should.Throw<InvalidOperationException>(() => b.Contract(1, [b.Own(v), new Factor(u, EquatableArray.Of(0))], []));
        Should.Throw<InvalidOperationException>(() => b.Contract(1, [new Factor(v, EquatableArray.Of(0))], []));
        Should.Throw<InvalidOperationException>(() => b.Sum(EquatableArray.Of(T), [new Term(1, u, EquatableArray.Of(0))]));
        Should.Throw<InvalidOperationException>(() => b.Solve(v, t));
        Should.Throw<InvalidOperationException>(() => b.LogDeterminant(v, false));
        Should.Throw<InvalidOperationException>(() => b.Split(v, 0, D, D));
        Should.Throw<InvalidOperationException>(() => b.Merge(v, 1));
        Should.Throw<InvalidOperationException>(() => b.Apply(Function.Exp, b.Compare(Comparison.Less, u)));
        Should.Throw<InvalidOperationException>(() => b.Select(EquatableArray.Of(T), b.Own(t), b.Own(t), b.Own(t)));
        Should.Throw<InvalidOperationException>(() => b.Logical(Logic.Not, b.Compare(Comparison.Less, u), b.Compare(Comparison.Less, u)));
    }

    [Fact]
    public void A_delta_under_a_sum_falls_away()
    {
        var a = new Algebra();
        var v = Tensor(a, "v", T, D);
        a.Contract(1, [a.Own(v), new Factor(a.Delta(D), EquatableArray.Of(1, 2))], [0, 2]).ShouldBe(v);
    }

    [Fact]
    public void The_square_of_a_sign_is_one_at_zero_too()
    {
        var a = new Algebra();
        var (x, w) = (Tensor(a, "x", T), Tensor(a, "w", T));
        var sign = a.Apply(Function.Sign, x);
        a.Contract(1, [a.Own(w), a.Own(sign), a.Own(sign)], [0]).ShouldBe(w);
    }

    [Fact]
    public void Like_terms_merge_and_cancel()
    {
        var a = new Algebra();
        var (x, y) = (Tensor(a, "x", T), Tensor(a, "y", T));
        var xy = a.Times(x, y);
        a.Add(a[x].Axes, [a.Scale(0.5, xy), a.Scale(0.5, a.Times(y, x))]).ShouldBe(xy);
        a.IsZero(a.Add(a[x].Axes, [xy, a.Scale(-1, xy)])).ShouldBeTrue();
    }

    [Fact]
    public void A_sum_ranges_over_the_factors_that_have_its_index()
    {
        var a = new Algebra();
        var (v, u, w) = (Tensor(a, "v", T, D), Tensor(a, "u", D), Tensor(a, "w", T));
        var z = a.Contract(1, [a.Own(v), new Factor(u, EquatableArray.Of(1))], [0]);
        var product = a.Contract(1, [a.Own(w), a.Own(v), new Factor(u, EquatableArray.Of(1))], [0]);
        product.ShouldBe(a.Times(w, z));
    }

    [Fact]
    public void An_index_that_nothing_carries_counts()
    {
        var a = new Algebra();
        var u = Tensor(a, "u", D);
        var spread = a.Contract(1, [a.Own(u)], [1, 0], new Dictionary<int, Extent> { [1] = T });
        var total = a.Contract(1, [new Factor(spread, EquatableArray.Of(0, 1))], [1]);
        new FormulaPrinter(a.Nodes, _ => null).Print(total).ShouldBe("T u_d");
    }

    [Fact]
    public void A_factor_of_a_selection_moves_inside_and_an_index_it_lacks_stays_outside()
    {
        var a = new Algebra();
        var (x, w, v) = (Tensor(a, "x", T), Tensor(a, "w", T), Tensor(a, "v", T, D));
        var selected = a.Where(a.Compare(Comparison.GreaterOrEqual, x), w);
        new FormulaPrinter(a.Nodes, _ => null).Print(a.Contract(1, [a.Own(v), new Factor(selected, EquatableArray.Of(0)), new Factor(x, EquatableArray.Of(0))], [0, 1]))
            .ShouldBe("v_td (x_t w_t where x_t ≥ 0, else 0)");
    }

    [Fact]
    public void Relu_needs_no_selection_of_its_own_but_what_may_be_infinite_does()
    {
        var a = new Algebra();
        var (x, w) = (Tensor(a, "x", T), Tensor(a, "w", T));
        var relu = a.Apply(Function.Relu, x);
        var condition = a.Compare(Comparison.GreaterOrEqual, x);
        a.Where(condition, a.Times(w, relu)).ShouldBe(a.Times(w, relu));
        a[a.Where(condition, a.Times(a.Apply(Function.Reciprocal, w), relu))].ShouldBeOfType<Select>();
    }

    [Fact]
    public void Numbers_fold()
    {
        var a = new Algebra();
        a[a.Sum(default, [new Term(2, a.Constant(3), default), new Term(1, a.Constant(4), default)])].ShouldBe(new Constant(10));
        a[a.Apply(Function.Sqrt, a.Constant(9))].ShouldBe(new Constant(3));
        a[a.Contract(2, [a.Own(a.Constant(3)), a.Own(a.Constant(4))], [])].ShouldBe(new Constant(24));
    }

    [Fact]
    public void Formulas_read_like_the_paper()
    {
        var a = new Algebra();
        var (u, v, t, w, c) = (Tensor(a, "u", D), Tensor(a, "v", T, D), Tensor(a, "t", T), Tensor(a, "w", T), a.Input(new Input("C", default, Domain.Host, Promise.None)));
        var z = a.Contract(1, [a.Own(v), new Factor(u, EquatableArray.Of(1))], [0]);
        var residual = a.Sum(a[t].Axes, [new Term(1, z, EquatableArray.Of(0)), new Term(-1, t, EquatableArray.Of(0))]);
        var excess = a.Apply(Function.Relu, a.Apply(Function.Abs, residual));
        var loss = a.Contract(0.5, [a.Own(c), a.Own(w), a.Own(excess), a.Own(excess)], []);
        var f = a.Add(default, [a.Contract(0.5, [a.Own(u), a.Own(u)], []), loss]);
        new FormulaPrinter(a.Nodes, _ => null).Print(f).ShouldBe("½ Σ_d u_d² + ½ C Σ_t w_t [|Σ_d v_td u_d − t_t|]₊²");
        new FormulaPrinter(a.Nodes, value => value == residual ? "r" : null).Print(excess).ShouldBe("[|r_t|]₊");
    }

    private static int Tensor(ProgramBuilder b, string name, params Extent[] axes) => b.Input(new Input(name, new EquatableArray<Extent>(axes), Domain.Tensor, Promise.None));
}
