using System.Reflection;
using TorchSharp;

namespace SystemLibtorch.Tests;

public sealed class OperatorTests
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>Every operator that the binding names exists in this libtorch, with the arguments that it is called with.</summary>
    [SkippableFact]
    public void EveryOperatorInUseResolves()
    {
        SystemLibtorchOnly.Promise("operators are resolved by name");
        var failures = new List<string>();
        var operators = typeof(torch).Assembly.GetType("TorchSharp.Interop.Aten")!.GetFields(Any);
        foreach (var field in operators)
        {
            if (Resolve(field.GetValue(null)!) is { } failure)
                failures.Add(failure);
        }
        operators.Length.ShouldBeGreaterThan(500);
        failures.ShouldBeEmpty();
    }

    [SkippableTheory]
    [InlineData("no_such_operator(self)", "has no operator no_such_operator")]
    [InlineData("add.no_such_overload(self, other)", "has no operator add.no_such_overload")]
    [InlineData("add.Tensor(self, other, beta)", "has no argument 'beta'; it has self, other, alpha")]
    [InlineData("add.Tensor(self)", "wants an argument 'other', which is not given")]
    public void AnOperatorOrArgumentThatIsMissingIsNamed(string declaration, string message)
    {
        SystemLibtorchOnly.Promise("operators are resolved by name");
        Resolve(Activator.CreateInstance(typeof(torch).Assembly.GetType("TorchSharp.Interop.Operator")!, Any, null, [declaration], null)!)!.ShouldContain(message);
    }

    private static string? Resolve(object op)
    {
        try
        {
            op.GetType().GetMethod("Resolve", Any)!.Invoke(op, null);
            return null;
        }
        catch (TargetInvocationException e) when (e.InnerException is NotSupportedException inner)
        {
            return inner.Message;
        }
    }
}
