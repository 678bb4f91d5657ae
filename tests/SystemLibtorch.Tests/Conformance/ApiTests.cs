#if SYSTEM_LIBTORCH
using System.Text.RegularExpressions;
using TorchSharp;

namespace SystemLibtorch.Tests;

/// <summary>What is offered is TorchSharp's: the same names, types and defaults, and for each name all overloads.</summary>
public sealed partial class ApiTests
{
    [Fact]
    public void Dump()
    {
        File.WriteAllLines("/tmp/ours.txt", Signatures.Of(typeof(torch).Assembly).Select(s => $"{s.Owner}\t{s.Name}\t{s.Line}"));
    }
}
#endif
