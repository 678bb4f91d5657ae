using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Mutation;

/// <summary>Compiles mutants of generated code, many in one assembly, and looks whether the layer's own check and the tests' comparisons with autograd notice each.</summary>
internal sealed class MutationRun
{
    /// <summary>So many mutants share an assembly.</summary>
    private const int BatchSize = 40;

    private static readonly Dictionary<string, long>[] Extents =
        [new() { ["N"] = 5, ["D"] = 4, ["K"] = 3, ["T"] = 6, ["M"] = 7, ["S"] = 5, ["H"] = 3, ["W"] = 5 }, new() { ["N"] = 4, ["D"] = 4, ["K"] = 4, ["T"] = 4, ["M"] = 4, ["S"] = 4, ["H"] = 4, ["W"] = 4 }];

    /// <summary>What brings random arguments into an objective's domain, where its promises alone do not.</summary>
    private static readonly Dictionary<string, Action<Dictionary<string, object>>> Domains = new()
    {
        ["LogBarrier"] = arguments =>
        {
            Change(arguments, "b", b => b.abs().add(5));
            Change(arguments, "y", y => y.mul(0.2));
        },
        ["Kelly"] = arguments =>
        {
            Change(arguments, "returns", returns => returns.mul(0.2));
            Change(arguments, "y", y => y.mul(0.2));
        },
        ["Precision"] = arguments =>
        {
            Change(arguments, "prior", prior => prior.add(8 * eye(prior.shape[^1], dtype: ScalarType.Float64)));
            Change(arguments, "covariance", covariance => covariance.matmul(covariance.T));
        },
    };

    /// <summary>Mutants that compiled.</summary>
    public int Mutants { get; private set; }

    /// <summary>How many of them the layer's own check noticed.</summary>
    public int KilledByCheck { get; private set; }

    /// <summary>How many the comparisons with autograd noticed.</summary>
    public int KilledByComparison { get; private set; }

    /// <summary>What was changed in those that neither noticed, though they are other functions.</summary>
    public List<string> Survivors { get; } = [];

    /// <summary>What was changed in those that are the same functions, and why they are.</summary>
    public List<(string What, string Reason)> Equivalents { get; } = [];

    /// <summary>What was changed in those that the check did not notice, though the comparisons did.</summary>
    public List<string> BeyondCheck { get; } = [];

    /// <summary>Every mutant of the layers that the sources make, or one in <paramref name="every"/> from the given one on; of one objective, or of all.</summary>
    public void Run(IReadOnlyList<string> sources, int every, int first = 0, string? only = null, Action<MutationRun>? progress = null)
    {
        var compilation = Compiler.Compile([.. sources]);
        var image = Compiler.Image(compilation);
        var original = new AssemblyLoadContext(null).LoadFromStream(new MemoryStream(image));
        var k = 0;
        foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).ToList())
        {
            var layer = new Layer(original, Path.GetFileName(tree.FilePath).Split('.')[^4]);
            if (only is not null && layer.Objective.Name != only)
            {
                continue;
            }

            Passes(layer).ShouldBeTrue($"The comparisons fail for {layer.Type.Name} itself.");
            Passes(layer, Check).ShouldBeTrue($"Check() fails for {layer.Type.Name} itself.");
            foreach (var batch in Mutator.Of(tree).Where(_ => k++ % every == first).Chunk(BatchSize))
            {
                using var assembly = MutantAssembly.Of(compilation, image, original, batch);
                foreach (var (mutant, type) in assembly.Types)
                {
                    Judge(layer, new Layer(layer.Objective, type), $"{layer.Objective.Name}: {mutant.What}");
                }

                progress?.Invoke(this);
            }
        }
    }

    private void Judge(Layer original, Layer layer, string what)
    {
        Mutants++;
        var (passesCheck, passesComparison) = (Passes(layer, Check), Passes(layer));
        KilledByCheck += passesCheck ? 0 : 1;
        KilledByComparison += passesComparison ? 0 : 1;
        if (!passesCheck)
        {
            return;
        }

        if (!passesComparison)
        {
            BeyondCheck.Add(what);
        }
        else if (Equivalent(original, layer) is { } reason)
        {
            Equivalents.Add((what, reason));
        }
        else
        {
            Survivors.Add(what);
        }
    }

    /// <summary>Why a mutant is no fault, for extents that differ and for equal ones; null where it is one.</summary>
    private static string? Equivalent(Layer original, Layer mutant)
    {
        var reasons = Extents.Select(extents => Equivalence.Reason(original, mutant, seed => Draw(original, seed, extents))).ToList();
        return reasons.Contains(null) ? null : reasons.First(reason => reason != Equivalence.SameBits || reasons.TrueForAll(other => other == reason));
    }

    private static bool Passes(Layer layer) => Passes(layer, static (layer, seed, extents) =>
    {
        PieceChecks.Check(layer, seed, k => Draw(layer, k, extents));
        PieceChecks.CheckBatch(layer, seed, k => Draw(layer, k, extents));
        if (layer.Has("PhiPieces"))
        {
            var arguments = Draw(layer, seed, extents);
            SmoothPieces.Check((LinearPredictorProblem)layer.Bind(arguments), (Tensor)arguments[PieceChecks.VariableOf(layer)]);
        }
    });

    /// <summary>At the minimiser once, at another point once.</summary>
    private static void Check(Layer layer, int seed, IReadOnlyDictionary<string, long> extents)
    {
        var arguments = Draw(layer, seed, extents);
        layer.Check(arguments, seed == 0 ? null : (Tensor)arguments[PieceChecks.VariableOf(layer)]).Passed.ShouldBeTrue();
    }

    private static Dictionary<string, object> Draw(Layer layer, int seed, IReadOnlyDictionary<string, long> extents)
    {
        var arguments = PieceChecks.Draw(layer, seed, extents, []);
        if (Domains.TryGetValue(layer.Objective.Name, out var enter))
        {
            enter(arguments);
        }

        return arguments;
    }

    private static void Change(Dictionary<string, object> arguments, string name, Func<Tensor, Tensor> change) => arguments[name] = change((Tensor)arguments[name]);

    private static bool Passes(Layer layer, Action<Layer, int, IReadOnlyDictionary<string, long>> compare)
    {
        for (var seed = 0; seed < Extents.Length; seed++)
        {
            using var scope = NewDisposeScope();
            try
            {
                compare(layer, seed, Extents[seed]);
            }
            catch (Exception exception) when (exception is ShouldAssertException or InvalidOperationException or ExternalException or ArgumentException or TargetInvocationException)
            {
                return false;
            }
        }

        return true;
    }
}
