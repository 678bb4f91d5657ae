using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Batching;

/// <summary>What one transfer tells of the inputs of a call, so that those of most calls need no other.</summary>
/// <param name="AreSound">Whether all inputs keep the promises of their signs and are finite for sure; where not, <see cref="InputChecks"/> finds out.</param>
/// <param name="HasRidge">Whether ρ is positive in every problem; false where there is none.</param>
internal sealed record InputOverview(bool AreSound, bool HasRidge)
{
    /// <summary>Looks at the inputs.</summary>
    /// <param name="info">The objective.</param>
    /// <param name="inputs">The inputs as (B or 1, own extents…).</param>
    /// <param name="unseen">An input that is asked for its promise only, or null.</param>
    /// <param name="rho">ρ, (B or 1), or null where the problem has none.</param>
    public static InputOverview Of(ObjectiveInfo info, IReadOnlyList<Tensor> inputs, Tensor? unseen, Tensor? rho)
    {
        using var scope = NewDisposeScope();
        var numbers = new List<Tensor>();
        var isSound = new List<Func<double, bool>>();
        for (var i = 0; i < inputs.Count; i++)
        {
            if (info.Inputs[i].Promise is Promise.Positive or Promise.NonNegative)
            {
                // Both ends are NaN where an element is.
                var (least, largest) = inputs[i].aminmax();
                var isPositive = info.Inputs[i].Promise == Promise.Positive;
                numbers.AddRange([least, largest]);
                isSound.AddRange([value => isPositive ? value > 0 : value >= 0, double.IsFinite]);
            }
            else if (!ReferenceEquals(inputs[i], unseen))
            {
                // A sum is one pass without a temporary.
                numbers.Add(inputs[i].sum([.. Enumerable.Range(0, (int)inputs[i].dim()).Select(static dimension => (long)dimension)]));
                isSound.Add(double.IsFinite);
            }
        }
        if (rho is not null)
            numbers.Add(rho.min());
        if (numbers.Count == 0)
            return new(true, false);
        var values = Host.Rows([.. numbers]);
        return new(isSound.Zip(values, static (test, value) => test(value[0])).All(static sound => sound), rho is not null && values[^1][0] > 0);
    }
}
