using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Programs;
using ArgminLayers.Generator.Structure;

namespace ArgminLayers.Generator.Emission;

/// <summary>The programs of a layer's pieces: one differentiator, used forward and in reverse.</summary>
internal sealed class PieceDerivation
{
    private readonly LayerModel model;
    private readonly Analysis analysis;
    private readonly ParameterModel variable;
    private int predictor = -1;
    private (Algebra A, int Objective, int Variable)? start;
    private (Algebra A, int Gradient, int Variable)? differentiated;
    private (Algebra A, int Gradient, int Second, int Variable)? twice;
    private PredictorDerivatives? ofPredictor;
    private Program? phi;
    private Program? phiPieces;
    private Program? mixedOfPredictor;

    public PieceDerivation(LayerModel model, Analysis analysis)
    {
        this.model = model;
        this.analysis = analysis;
        variable = model.Parameters.First(parameter => parameter.Kind == ParameterKind.Variable);
    }

    public Input Direction => Like(Free("direction"));

    public Input Lambda => Like(Free("lambda"));

    private IEnumerable<ParameterModel> Inputs => model.Parameters.Where(parameter => parameter.Kind == ParameterKind.Tensor);

    public Program Objective()
    {
        var (a, f, _) = Start();
        return a.Build(f);
    }

    public Program Gradient()
    {
        var (a, gradient, _) = StartGradient();
        return a.Build(gradient);
    }

    public Program HessianVectorProduct()
    {
        var (a, f, y) = Start();
        var direction = a.Input(Direction);
        NameTangent(a, y, direction, "zeta");
        return a.Build(ForwardMode.Along(a, ReverseMode.Gradient(a, f, y), y, direction));
    }

    /// <summary>∂²f/∂y², with y's axes twice.</summary>
    public Program Hessian()
    {
        var (a, _, second, y) = StartSecondDerivative();
        return a.Build(IsSeparable ? OnDiagonal(a, second) : second);
    }

    public Program HessianDiagonal()
    {
        var (a, _, second, y) = StartSecondDerivative();
        return a.Build(IsSeparable || a[y].Rank == 0 ? second : a.Diagonal(second));
    }

    /// <summary>The matrix with the given diagonal: a value's axes twice.</summary>
    private static int OnDiagonal(Algebra a, int diagonal)
    {
        var axes = a[diagonal].Axes;
        var factor = axes.Count == 1 && PredictorReader.Unspread(a, diagonal) is { } number ? new Factor(number, default) : a.Own(diagonal);
        var deltas = axes.Select((axis, k) => new Factor(a.Delta(axis), EquatableArray.Of(k, axes.Count + k)));
        return a.Contract(1, deltas.Prepend(factor), Enumerable.Range(0, 2 * axes.Count).ToList());
    }

    /// <summary>∂(λᵀ ∇f)/∂x for every tensor input x.</summary>
    public Program MixedVjp()
    {
        var (a, gradient, y) = StartGradient();
        var lambda = a.Input(Lambda);
        NameTangent(a, y, lambda, "zeta");
        return a.Build(Differentiate(a, new[] { (gradient, lambda) }));
    }

    /// <summary>φ as a function of z.</summary>
    public Program Phi(LinearPredictorForm form)
    {
        if (phi is null)
        {
            var (a, _, value) = StartPredictor(form);
            phi = a.Build(value);
        }

        return phi;
    }

    public Program PhiGradient(LinearPredictorForm form)
    {
        var (a, _, gradient, _) = StartPhiDerivatives(form);
        return a.Build(gradient);
    }

    /// <summary>The diagonal of φ″.</summary>
    public Program PhiCurvature(LinearPredictorForm form)
    {
        var (a, _, _, second) = StartPhiDerivatives(form);
        return a.Build(form.IsSeparable ? second : a.Diagonal(second));
    }

    /// <summary>φ″ as a matrix, where φ is not separable.</summary>
    public Program PhiHessian(LinearPredictorForm form)
    {
        var (a, _, _, second) = StartPhiDerivatives(form);
        return a.Build(second);
    }

    /// <summary>The conditions on z that φ″ and φ′ rest on.</summary>
    public Program PhiPieces(LinearPredictorForm form)
    {
        if (phiPieces is null)
        {
            var (a, z, gradient, second) = StartPhiDerivatives(form);
            phiPieces = a.Build(Conditions(a, z, gradient, second).Where(condition => !form.IsSeparable || a[condition].Rank == form.Axes.Count).ToArray());
        }

        return phiPieces;
    }

    /// <summary>φ′, the diagonal of φ″ and the conditions that they rest on, where φ is separable: what an iteration wants, with what they share.</summary>
    public Program PhiDerivatives(LinearPredictorForm form)
    {
        var (a, z, gradient, second) = StartPhiDerivatives(form);
        return a.Build(new[] { gradient, second }.Concat(Conditions(a, z, gradient, second).Where(condition => a[condition].Rank == form.Axes.Count)).ToArray());
    }

    /// <summary>The conditions on y that gradient and Hessian rest on.</summary>
    public Program Pieces()
    {
        var (a, gradient, second, y) = StartSecondDerivative();
        return a.Build(Conditions(a, y, gradient, second).ToArray());
    }

    /// <summary>The conditions on a value that others rest on; the signs inside them are conditions too.</summary>
    private static IEnumerable<int> Conditions(Algebra a, int source, params int[] values)
    {
        var needed = Dependence.Of(a.Nodes, values);
        var depends = Dependence.On(a.Nodes, source);
        var conditions = new List<int>();
        for (var i = 0; i < needed.Length; i++)
        {
            if (needed[i] && depends[i])
            {
                if (a[i] is Compare or Attains)
                {
                    conditions.Add(i);
                }
                else if (a[i] is Elementwise { Function: Function.Sign or Function.Relu or Function.Abs } kinked)
                {
                    conditions.Add(a.Compare(Comparison.GreaterOrEqual, kinked.Operand));
                }
            }
        }

        return conditions.Distinct();
    }

    /// <summary>One of ρ, c, A, b.</summary>
    public Program Part(LinearPredictorForm form, int part)
    {
        var a = new Algebra();
        return a.Build(a.Replay(form.Parts)[form.Parts.Outputs[part]]);
    }

    /// <summary>
    /// The mixed products from what a solver already has: with p = φ′(z) and q = φ″(z) ζ, they are those of
    /// <c>ρ λᵀy + cᵀλ + Σ A ∘ (p λᵀ + q yᵀ) + qᵀb + ζᵀφ′</c> at fixed y, λ, z, ζ, p, q.
    /// </summary>
    public Program MixedVjp(LinearPredictorForm form) => mixedOfPredictor ??= MixedOfPredictor(form);

    private Program MixedOfPredictor(LinearPredictorForm form)
    {
        var a = new Algebra();
        var parts = a.Replay(form.Parts);
        int Part(int part) => parts[form.Parts.Outputs[part]];
        var y = a.Input(new Input(variable.Name, variable.Axes, Domain.Tensor, Promise.None));
        var lambda = a.Input(Lambda);
        var z = a.Input(Predictor(form));
        var zeta = a.Input(Zeta(form));
        var p = a.Input(PhiGradientInput(form));
        var q = a.Input(PhiHessianVectorProductInput(form));

        var gradient = ReverseMode.Gradient(a, Part(LinearPredictorForm.Phi), z);

        // Between the rows of z and those of y; what A acts on one by one is summed.
        var (ofPredictor, ofVariable) = (IndicesOf(form.Shared?.InPredictor, 0), IndicesOf(form.Shared?.InVariable, 1));
        Term Outer(int left, int right) => new(1, a.Contract(1, new[] { new Factor(left, ofPredictor), new Factor(right, ofVariable) }, new[] { 0, 1 }), EquatableArray.Of(0, 1));
        var outer = a.Sum(a[Part(LinearPredictorForm.Predictors)].Axes, new[] { Outer(p, lambda), Outer(q, y) });
        var seeds = new List<(int, int)> { (Part(LinearPredictorForm.Predictors), outer), (gradient, zeta) };
        if (form.HasOffset)
        {
            seeds.Add((Part(LinearPredictorForm.Offset), q));
        }

        if (form.HasLinear)
        {
            seeds.Add((Part(LinearPredictorForm.Linear), lambda));
        }

        if (!a[Part(LinearPredictorForm.Rho)].IsHost)
        {
            seeds.Add((Part(LinearPredictorForm.Rho), a.Contract(1, new[] { a.Own(lambda), a.Own(y) }, System.Array.Empty<int>())));
        }

        var curved = ReverseMode.Differentiate(a, new[] { (gradient, zeta) }, new[] { z })[0];
        return Given(PhiHessianVectorProductInput(form), a.Build(Differentiate(a, seeds).Append(curved).ToArray()));
    }

    /// <summary>The program without its last result, which is an input instead where the others need it.</summary>
    private static Program Given(Input input, Program program)
    {
        var given = program.Outputs[program.Outputs.Count - 1];
        var a = new Algebra();
        var value = a.Input(input);
        var map = a.Replay(program, i => i == given && program.Nodes[i] is not Constant ? value : null);
        return a.Build(program.Outputs.Take(program.Outputs.Count - 1).Select(output => map[output]).ToArray());
    }

    /// <summary>The indices of a value: its own, and 2 on the axis that is shared.</summary>
    private static EquatableArray<int> IndicesOf(int? shared, int own) => shared switch
    {
        null => EquatableArray.Of(own),
        0 => EquatableArray.Of(2, own),
        _ => EquatableArray.Of(own, 2),
    };

    public Input Predictor(LinearPredictorForm form) => new(form.PredictorName, form.Axes, Domain.Tensor, Promise.None);

    public Input Zeta(LinearPredictorForm form) => new(Free("zeta"), form.Axes, Domain.Tensor, Promise.None);

    public Input PhiGradientInput(LinearPredictorForm form) => new(Free("p"), form.Axes, Domain.Tensor, Promise.None);

    public Input PhiHessianVectorProductInput(LinearPredictorForm form) => new(Free("q"), form.Axes, Domain.Tensor, Promise.None);

    /// <summary>Whether ∂f/∂y is a function of each element of y alone, so that its second derivative is a diagonal, of y's axes.</summary>
    private bool IsSeparable => analysis.Predictor is null && analysis.Structure is HessianStructure.ScaledIdentity or HessianStructure.Diagonal;

    /// <summary>The products for every tensor input, zero for one that the seeds do not reach.</summary>
    private int[] Differentiate(Algebra a, IReadOnlyList<(int, int)> seeds)
    {
        var inputs = Inputs.Select(parameter => a.Input(ToInput(parameter))).ToList();
        return ReverseMode.Differentiate(a, seeds, inputs);
    }

    /// <summary>The objective in an algebra of the caller's own.</summary>
    private (Algebra A, int Objective, int Variable) Start()
    {
        var (a, objective, y) = start ??= Replayed();
        return (new Algebra(a), objective, y);
    }

    /// <summary>The objective's gradient in an algebra of the caller's own.</summary>
    private (Algebra A, int Gradient, int Variable) StartGradient()
    {
        if (differentiated is null)
        {
            var (b, f, x) = Start();
            differentiated = (b, ReverseMode.Gradient(b, f, x), x);
        }

        var (a, gradient, y) = differentiated.Value;
        return (new Algebra(a), gradient, y);
    }

    /// <summary>The objective's gradient and its derivative, the Hessian or that one's diagonal, in an algebra of the caller's own.</summary>
    private (Algebra A, int Gradient, int Second, int Variable) StartSecondDerivative()
    {
        if (twice is null)
        {
            var (b, g, x) = StartGradient();
            twice = (b, g, PredictorReader.SecondDerivative(b, g, x, IsSeparable), x);
        }

        var (a, gradient, second, y) = twice.Value;
        return (new Algebra(a), gradient, second, y);
    }

    private (Algebra A, int Objective, int Variable) Replayed()
    {
        var a = new Algebra();
        var map = a.Replay(model.Objective);
        if (analysis.Predictor is { } form && analysis.PredictorIndex >= 0)
        {
            predictor = map[analysis.PredictorIndex];
            a.Name(predictor, form.PredictorName);
        }

        return (a, map[model.Objective.Outputs[0]], map[model.Objective.InputIndex(variable.Name)]);
    }

    private (Algebra A, int Predictor, int Phi) StartPredictor(LinearPredictorForm form)
    {
        var a = new Algebra();
        var z = a.Input(Predictor(form));
        return (a, z, a.Replay(form.Parts)[form.Parts.Outputs[LinearPredictorForm.Phi]]);
    }

    /// <summary>φ′ and φ″ in an algebra of the caller's own; φ″ is a vector where φ is separable.</summary>
    private PredictorDerivatives StartPhiDerivatives(LinearPredictorForm form)
    {
        if (ofPredictor is null)
        {
            var (a, z, value) = StartPredictor(form);
            var gradient = ReverseMode.Gradient(a, value, z);
            ofPredictor = new PredictorDerivatives(a, z, gradient, PredictorReader.SecondDerivative(a, gradient, z, form.IsSeparable));
        }

        return ofPredictor with { A = new Algebra(ofPredictor.A) };
    }

    /// <summary>Gives A · direction its name, where there is a predictor.</summary>
    private void NameTangent(Algebra a, int y, int direction, string name)
    {
        if (predictor >= 0 && ForwardMode.Along(a, predictor, y, direction) is var tangent && a[tangent] is Contraction)
        {
            a.Name(tangent, name);
        }
    }

    /// <summary>A name for a parameter of ours that none of the objective's has, nor its predictions.</summary>
    private string Free(string name)
    {
        while (name == analysis.Predictor?.PredictorName || model.Parameters.Any(parameter => parameter.Name == name))
        {
            name += "_";
        }

        return name;
    }

    private Input Like(string name) => new(name, variable.Axes, Domain.Tensor, Promise.None);

    public static Input ToInput(ParameterModel parameter) =>
        new(parameter.Name, parameter.Axes, parameter.IsTensor ? Domain.Tensor : Domain.Host, parameter.Promise);

    /// <summary>φ′ and φ″ as functions of z.</summary>
    private sealed record PredictorDerivatives(Algebra A, int Predictor, int Gradient, int Second);
}
