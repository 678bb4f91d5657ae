using ArgminLayers;

namespace Gallery;

/// <summary>An example of the gallery.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Info">What the compiler found out about the objective.</param>
/// <param name="Run">Solves a small problem, and checks the layer there.</param>
public sealed record Example(string Name, ObjectiveInfo Info, Func<(ArgminResult Result, CheckReport Check)> Run);
