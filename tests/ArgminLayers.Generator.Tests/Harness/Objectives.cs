using System.Collections.Concurrent;

namespace ArgminLayers.Generator.Tests.Harness;

/// <summary>The objectives of the differential tests by name, compiled once each.</summary>
public static class Objectives
{
    private static readonly ConcurrentDictionary<string, Lazy<Layer>> Loaded = new();

    public static IEnumerable<(string Name, string Source)> All =>
    [
        ("RankPooling", Sources.RankPooling),
        ("RankPoolingLearned", Sources.RankPoolingLearned),
        ("AveragePooling", Sources.AveragePooling),
        .. MoreSources.All,
    ];

    public static Layer Load(string name, string source) =>
        Loaded.GetOrAdd(name, _ => new Lazy<Layer>(() => new Layer(Compiler.Load(source), name))).Value;
}
