using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness;

/// <summary>A generated layer with its objective, called by reflection.</summary>
public sealed class Layer
{
    public Layer(Assembly assembly, string objective)
    {
        Objective = assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Single(method => method.Name == objective && method.GetCustomAttribute<ArgminLayerAttribute>() is not null);
        Type = assembly.GetTypes().Single(type => type.Name == (Objective.GetCustomAttribute<ArgminLayerAttribute>()!.Name ?? objective + "Layer"));
    }

    /// <summary>Another layer of an objective, such as a mutant.</summary>
    public Layer(MethodInfo objective, Type type) => (Objective, Type) = (objective, type);

    public MethodInfo Objective { get; }

    public Type Type { get; }

    /// <summary>What the compiler claims.</summary>
    public ObjectiveInfo Info => (ObjectiveInfo)Type.GetField("Info")!.GetValue(null)!;

    public bool Has(string piece) => Type.GetMethod(piece) is not null;

    /// <summary>Calls a piece with its arguments by name.</summary>
    public object Call(string piece, IReadOnlyDictionary<string, object> arguments) => Invoke(Type.GetMethod(piece) ?? throw new MissingMethodException(Type.Name, piece), arguments);

    public Tensor Evaluate(string piece, IReadOnlyDictionary<string, object> arguments) => (Tensor)Call(piece, arguments);

    public Tensor EvaluateObjective(IReadOnlyDictionary<string, object> arguments) => (Tensor)Invoke(Objective, arguments);

    /// <summary>The problem that the layer hands to the solvers, in a batch of one.</summary>
    public ArgminProblem Bind(IReadOnlyDictionary<string, object> arguments)
    {
        var constructor = Type.GetNestedType("Problem", BindingFlags.NonPublic)!.GetConstructors().Single();
        return (ArgminProblem)constructor.Invoke(constructor.GetParameters().Select(parameter => arguments[parameter.Name!] switch
        {
            Tensor tensor => tensor.unsqueeze(0),
            var number => number,
        }).ToArray());
    }

    /// <summary>The layer's own check, at the given point or else at the minimiser.</summary>
    public CheckReport Check(IReadOnlyDictionary<string, object> arguments, Tensor? point)
    {
        var constructor = Type.GetConstructors().Single();
        var check = Type.GetMethod(nameof(Check))!;
        try
        {
            using var instance = (IDisposable)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.Name == "options" ? null : arguments[parameter.Name!])]);
            return (CheckReport)check.Invoke(instance, [.. check.GetParameters().Select(parameter => parameter.Name == "point" ? point : arguments[parameter.Name!])])!;
        }
        catch (TargetInvocationException exception)
        {
            throw new InvalidOperationException($"Check of {Type.Name} failed.", exception.InnerException);
        }
    }

    private static object Invoke(MethodInfo method, IReadOnlyDictionary<string, object> arguments)
    {
        try
        {
            return method.Invoke(null, method.GetParameters().Select(parameter => arguments[parameter.Name!]).ToArray())!;
        }
        catch (TargetInvocationException exception)
        {
            throw new InvalidOperationException($"{method.Name} failed.", exception.InnerException);
        }
    }
}
