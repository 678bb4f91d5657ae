using System;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>What decides between orders of evaluation while extents are symbols: every symbol counts as the same large number.</summary>
internal static class Cost
{
    private const long Symbol = 64;

    public static double Nominal(Extent extent) => Math.Max(1, extent.Evaluate(_ => Symbol));
}
