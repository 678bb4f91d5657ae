using System.Reflection;

namespace SystemLibtorch.Tests;

/// <summary>The public types of an assembly, one line each: what it is, its public bases and interfaces.</summary>
internal static class Types
{
    internal static IEnumerable<string> Of(Assembly assembly) => assembly.GetTypes().Where(Signatures.Visible).Select(type =>
        $"{Kind(type)} {Name(type)} : {string.Join(", ", Bases(type).Concat(type.GetInterfaces()).Where(Signatures.Visible).Select(Name).Order(StringComparer.Ordinal))}");

    internal static string NameIn(string line) => line[..line.IndexOf(" : ", StringComparison.Ordinal)].Split(' ')[^1];

    /// <summary>The line without the bases and interfaces of TorchSharp's that are not offered here.</summary>
    internal static string OfferedPart(string line, Func<string, bool> isOffered)
    {
        string[] parts = line.Split(" : ");
        return $"{parts[0]} : {string.Join(", ", parts[1].Split(", ").Where(n => !n.StartsWith("TorchSharp.", StringComparison.Ordinal) || isOffered(n)))}";
    }

    private static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var above = type.BaseType; above is not null && above != typeof(object); above = above.BaseType)
            yield return above;
    }

    private static string Kind(Type type) =>
        type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
}
