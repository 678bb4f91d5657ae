using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>How a random objective may grow by one operation.</summary>
/// <param name="Operations">The operations that it may use: "name/kinds" of the compiler's table, or a feature of the language.</param>
/// <param name="Draw">A step on what is there already, or null where nothing fits.</param>
/// <param name="Weight">How often it is drawn, relative to others.</param>
internal sealed record Recipe(IReadOnlyList<string> Operations, Func<Sampler, Step?> Draw, double Weight = 1)
{
    /// <summary>A recipe on one step.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="fits">Which steps it can be on.</param>
    /// <param name="build">The text, and the same in code.</param>
    /// <param name="distance">How far from a kink or pole; null where there is none.</param>
    /// <param name="keepsSign">Whether the result has the operand's sign.</param>
    /// <param name="weight">How often.</param>
    public static Recipe On(
        string operation,
        Func<Sampler, int, bool> fits,
        Func<Sampler, int, (string Format, Func<Tensor, Tensor> Value)> build,
        Func<Tensor, Tensor>? distance = null,
        bool keepsSign = false,
        double weight = 1) => new(
        [operation],
        s =>
        {
            if (s.Pick(x => fits(s, x)) is not { } x)
            {
                return null;
            }

            var (format, value) = build(s, x);
            return new Step(format, [x], (v, _) => value(v[0]))
            {
                Operations = [operation],
                Sign = keepsSign ? s.SignOf(x) : Sign.Any,
                Distance = distance is null ? null : (v, _) => distance(v[0]),
            };
        },
        weight);
}
