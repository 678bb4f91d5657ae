using TorchSharp;

namespace SystemLibtorch.Tests;

/// <summary>Promises that TorchSharp.SystemLibtorch makes and TorchSharp does not.</summary>
internal static class SystemLibtorchOnly
{
    internal static bool IsHere => typeof(torch).Assembly.GetName().Name == "TorchSharp.SystemLibtorch";

    /// <summary>Skips the test on TorchSharp, where it may end the process.</summary>
    internal static void Promise(string what) => Skip.IfNot(IsHere, $"Only TorchSharp.SystemLibtorch promises this: {what}.");
}
