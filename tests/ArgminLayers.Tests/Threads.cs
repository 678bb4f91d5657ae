using System.Runtime.CompilerServices;
using TorchSharp;

namespace ArgminLayers.Tests;

/// <summary>The problems here are small, and xunit keeps the cores busy already: libtorch's own threads would only wait for one another.</summary>
internal static class Threads
{
    [ModuleInitializer]
    internal static void UseOne() => torch.set_num_threads(1);
}
