using System.Text.RegularExpressions;
using TorchSharp;

namespace SystemLibtorch.Tests;

/// <summary>What is offered is TorchSharp's: the same names, types and defaults, and for each name all overloads.</summary>
public sealed partial class ApiTests
{
    private static readonly Lazy<HashSet<string>> Offered = new(() => [.. Signatures.Of(typeof(torch).Assembly).Select(s => Normal(s.Line))]);

    private static readonly Lazy<string[]> Baseline = new(() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Conformance", "torchsharp-public-api.txt")).Where(l => l.Length > 0)]);

    // On TorchSharp this checks the baseline itself.
    [Fact]
    public void EveryPublicMemberIsTorchSharps()
    {
        if (!SystemLibtorchOnly.IsHere)
        {
            Baseline.Value.Where(l => !Offered.Value.Contains(Normal(l)) && !LeftOut.Contains(l)).ShouldBeEmpty();
            return;
        }
        var baseline = Baseline.Value.Select(Normal).ToHashSet();
        Offered.Value.Count.ShouldBeGreaterThan(2000);
        Offered.Value.Where(line => !baseline.Contains(line)).ShouldBeEmpty();
    }

    // No type that TorchSharp has not, and none that converts to another type than there. On TorchSharp this checks the list itself.
    [Fact]
    public void EveryPublicTypeIsTorchSharpsWithTheSameBases()
    {
        string[] baseline = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Conformance", "torchsharp-types.txt"));
        string[] types = [.. Types.Of(typeof(torch).Assembly)];
        types.Length.ShouldBeGreaterThan(100);
        if (!SystemLibtorchOnly.IsHere)
        {
            types.ShouldBe(baseline, ignoreOrder: true);
            return;
        }
        var offered = types.Select(Types.NameIn).ToHashSet();
        types.Except(baseline.Select(line => Types.OfferedPart(line, offered.Contains))).ShouldBeEmpty();
    }

    // The baseline holds TorchSharp's members of every type and name that is offered here.
    [SkippableFact]
    public void EveryOverloadOfWhatIsOfferedIsOffered()
    {
        SystemLibtorchOnly.Promise("a subset of TorchSharp with all overloads of its methods");
        var missing = Baseline.Value.Where(l => !UnsupportedType().IsMatch(l) && !LeftOut.Contains(l)).Where(l => !Offered.Value.Contains(Normal(l)));
        missing.ShouldBeEmpty();
    }

    /// <summary>Overloads that are left out though their types are supported, because of what they would do.</summary>
    private static readonly HashSet<string> LeftOut =
    [
        "torch.Size.Size()", // a struct has it anyway
        "static (torch.Tensor values, torch.Tensor indices) torch.Tensor.kthvalue(torch.Tensor input, long k, long? dim, bool keepdim = false)",
        "torch.Tensor torch.Tensor.tensordot(torch.Tensor b, long dims = 2)", // ends in an IndexOutOfRangeException in TorchSharp
        "static torch.Tensor torch.tensordot(torch.Tensor a, torch.Tensor b, long dims = 2)",
        "OptimizerOptions.OptimizerOptions(OptimizerOptions other)", // of a type of the same name in another namespace
    ];

    /// <summary>Element types, names of dimensions and native handles that are not supported.</summary>
    [GeneratedRegex(@"Complex|BFloat16|\(float|double [Ii]maginary|string\??>? dims?|nint (handle|boxed)")]
    private static partial Regex UnsupportedType();

    // Modifiers and the nullability of references make no difference to a caller's overload resolution.
    private static string Normal(string line)
    {
        string plain = Modifier().Replace(line, "");
        return NullableReference().Replace(plain, m => m.Groups[1].Success ? m.Value : "");
    }

    [GeneratedRegex("^(virtual|override|abstract) ")]
    private static partial Regex Modifier();

    [GeneratedRegex(@"(\b(?:long|int|double|float|bool|byte|sbyte|short|char|Padding|torch\.ScalarType|PaddingModes|TensorStringStyle)|\))?(?<=[\w\])>])\?")]
    private static partial Regex NullableReference();
}
