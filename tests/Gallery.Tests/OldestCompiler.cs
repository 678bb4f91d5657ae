using System.Reflection;
using System.Runtime.Loader;
using ArgminLayers.Harness;

namespace Gallery.Tests;

/// <summary>
/// The generator in the oldest Roslyn that it supports, beside the one that the tests host: generator, harness and that Roslyn once more, in a load context of their own.
/// </summary>
internal sealed class OldestCompiler : AssemblyLoadContext
{
    private readonly string[] folders = Metadata("OldestRoslyn").Split(';');

    /// <summary>The version of that Roslyn.</summary>
    public Version Version => LoadFromAssemblyName(new AssemblyName("Microsoft.CodeAnalysis")).GetName().Version!;

    /// <summary>The generated files by hint name.</summary>
    public IReadOnlyDictionary<string, string> Generate(string[] sources)
    {
        var compiler = LoadFromAssemblyPath(typeof(Compiler).Assembly.Location).GetType(typeof(Compiler).FullName!)!;
        return (IReadOnlyDictionary<string, string>)compiler.GetMethod(nameof(Compiler.Generate))!.Invoke(null, [sources])!;
    }

    /// <summary>A value that the build leaves in the test assembly.</summary>
    public static string Metadata(string key) =>
        typeof(OldestCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    protected override Assembly? Load(AssemblyName name)
    {
        var path = name.Name == "ArgminLayers.Generator"
            ? Path.Combine(Path.GetDirectoryName(typeof(Compiler).Assembly.Location)!, name.Name + ".dll")
            : folders.Select(folder => Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists);
        return path is null ? null : LoadFromAssemblyPath(path);
    }
}
