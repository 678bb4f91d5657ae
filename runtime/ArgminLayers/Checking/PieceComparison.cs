using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace ArgminLayers;

/// <summary>One piece of a layer compared with something that does not rest on it.</summary>
/// <param name="Piece">The piece, such as <c>Gradient</c> or <c>MixedVjp x</c>.</param>
/// <param name="Against">What it is compared with, such as <c>differences of the objective</c>.</param>
/// <param name="Agreement">How that ended.</param>
/// <param name="Error">The largest relative error; NaN where nothing could be compared.</param>
/// <param name="Order">p, where the error of the differences falls as hᵖ with their step h: 2 for central differences. NaN where rounding is all there is, or no step is involved.</param>
public sealed record PieceComparison(string Piece, string Against, Agreement Agreement, double Error, double Order)
{
    /// <summary>The comparison as one line.</summary>
    public override string ToString()
    {
        var order = double.IsNaN(Order) ? "" : string.Create(CultureInfo.InvariantCulture, $", falls as h^{Order:0.0}");
        var error = double.IsNaN(Error) ? "" : string.Create(CultureInfo.InvariantCulture, $", relative error {Error:0.0e+00}{order}");
        return $"{Piece} against {Against}: {Describe(Agreement)}{error}";
    }

    private static string Describe(Agreement agreement) => typeof(Agreement).GetField(agreement.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description;
}
