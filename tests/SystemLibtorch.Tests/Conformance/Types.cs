using System.Reflection;

namespace SystemLibtorch.Tests;

/// <summary>The public types of an assembly, one line each: what it is, its bases from the nearest on, and its interfaces.</summary>
internal static class Types
{
    /// <param name="assembly">The assembly that offers the types.</param>
    /// <param name="known">Whether a type of the assembly, by its name, may stand among the bases and interfaces.</param>
    internal static IEnumerable<string> Of(Assembly assembly, Func<string, bool> known)
    {
        foreach (var type in assembly.GetTypes().Where(Signatures.Visible))
        {
            var above = Bases(type).Concat(type.GetInterfaces().OrderBy(Name, StringComparer.Ordinal));
            var names = above.Where(t => t.Assembly != assembly || known(Name(t))).Select(Name);
            yield return $"{Kind(type)} {Name(type)} : {string.Join(", ", names)}";
        }
    }

    internal static string Name(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;

    private static IEnumerable<Type> Bases(Type type)
    {
        for (var above = type.BaseType; above is not null && above != typeof(object); above = above.BaseType)
            yield return above;
    }

    private static string Kind(Type type) =>
        type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
}
