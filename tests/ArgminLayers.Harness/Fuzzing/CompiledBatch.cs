using System.Reflection;
using System.Runtime.Loader;
using ArgminLayers.Generator;
using ArgminLayers.Generator.Lowering;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Random objectives with the layers that the generator makes of them, as one assembly.</summary>
internal sealed class CompiledBatch
{
    private byte[] image = [];

    private CompiledBatch(IReadOnlyList<RandomObjective> objectives)
    {
        Objectives = objectives;
        Source = RandomObjective.Source(objectives);
        Compilation = Compiler.Compilation(Source);
    }

    public IReadOnlyList<RandomObjective> Objectives { get; }

    public string Source { get; }

    /// <summary>The objectives without their layers.</summary>
    public Compilation Compilation { get; }

    /// <summary>What the objectives that were not refused, and their layers, are made of, by name.</summary>
    public IReadOnlyDictionary<string, Makings> Makings { get; private set; } = new Dictionary<string, Makings>();

    /// <summary>Why there is no assembly; null where there is one.</summary>
    public string? Failure { get; private set; }

    public static CompiledBatch Of(IReadOnlyList<RandomObjective> objectives)
    {
        var batch = new CompiledBatch(objectives);
        try
        {
            batch.Compile();
        }
        catch (Exception exception) when (exception is ShouldAssertException or InvalidOperationException)
        {
            batch.Failure = exception.Message.Trim();
        }

        return batch;
    }

    public Assembly Load() => new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(new MemoryStream(image));

    private void Compile()
    {
        var driver = Compiler.Driver(track: true).RunGeneratorsAndUpdateCompilation(Compilation, out var compilation, out _);
        var result = driver.GetRunResult().Results.Single();
        if (result.Exception is { } thrown)
        {
            throw new InvalidOperationException("The generator threw: " + thrown.Message, thrown);
        }

        image = Compiler.Image(compilation);
        var layers = result.GeneratedSources.Select(source => source.HintName).ToHashSet();
        Makings = result.TrackedSteps[ArgminLayerGenerator.ModelStep].SelectMany(step => step.Outputs).Select(output => output.Value).OfType<LayerModel>()
            .Where(model => layers.Contains($"{model.Container}.{model.ObjectiveName}.{model.ClassName}.g.cs"))
            .ToDictionary(model => model.ObjectiveName, Fuzzing.Makings.Of);
    }
}
