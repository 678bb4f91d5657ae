using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Mutation;

/// <summary>Compiles every mutant of generated code and looks whether the comparisons with autograd notice.</summary>
internal sealed class MutationRun
{
    private static readonly Dictionary<string, long>[] Extents =
        [new() { ["N"] = 5, ["D"] = 4, ["K"] = 3, ["T"] = 6, ["M"] = 7, ["S"] = 5 }, new() { ["N"] = 4, ["D"] = 4, ["K"] = 4, ["T"] = 4, ["M"] = 4, ["S"] = 4 }];

    /// <summary>Mutants that compiled.</summary>
    public int Mutants { get; private set; }

    /// <summary>What was changed in those that no comparison noticed.</summary>
    public List<string> Survivors { get; } = [];

    /// <summary>Every mutant of the layers that the sources make, or one in <paramref name="every"/>.</summary>
    public void Run(IReadOnlyList<string> sources, int every, Action<MutationRun>? progress = null)
    {
        var compilation = Compiler.Compile([.. sources]);
        var k = 0;
        foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).ToList())
        {
            var objective = Path.GetFileName(tree.FilePath).Split('.')[^4];
            foreach (var mutant in Mutator.Of(tree).Where(_ => k++ % every == 0))
            {
                Judge(compilation.ReplaceSyntaxTree(tree, mutant.Tree), objective, mutant.What);
            }

            progress?.Invoke(this);
        }
    }

    private void Judge(Compilation compilation, string objective, string what)
    {
        using var stream = new MemoryStream();
        if (!compilation.Emit(stream).Success)
        {
            return;
        }

        Mutants++;
        stream.Position = 0;
        var context = new AssemblyLoadContext(null, isCollectible: true);
        var layer = new Layer(context.LoadFromStream(stream), objective);
        if (Extents.Select((extents, seed) => (extents, seed)).All(one => Passes(layer, one.seed, one.extents)))
        {
            Survivors.Add($"{objective}: {what}");
        }

        context.Unload();
    }

    private static bool Passes(Layer layer, int seed, IReadOnlyDictionary<string, long> extents)
    {
        using var scope = NewDisposeScope();
        try
        {
            PieceChecks.Check(layer, seed, extents);
            PieceChecks.CheckBatch(layer, seed, extents);
            return true;
        }
        catch (Exception exception) when (exception is ShouldAssertException or InvalidOperationException or System.Runtime.InteropServices.ExternalException or ArgumentException)
        {
            return false;
        }
    }
}
