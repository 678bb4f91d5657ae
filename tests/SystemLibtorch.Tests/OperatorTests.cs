#if SYSTEM_LIBTORCH
using System.Reflection;
using TorchSharp.Interop;

namespace SystemLibtorch.Tests;

/// <summary>Every operator that the binding names exists in this libtorch, with the arguments that it is called with.</summary>
public sealed class OperatorTests
{
    [Fact]
    public void EveryOperatorInUseResolves()
    {
        var failures = new List<string>();
        foreach (var field in typeof(Aten).GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
        {
            try
            {
                ((Operator)field.GetValue(null)!).Resolve();
            }
            catch (NotSupportedException e)
            {
                failures.Add(e.Message);
            }
        }
        failures.ShouldBeEmpty();
    }
}
#endif
