using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Generator.Lowering;

/// <summary>What may be said about a parameter, and what not: promises, defaults and lengths.</summary>
internal static class InputRules
{
    /// <summary>Why a tensor cannot be promised to be positive definite; null where it can.</summary>
    public static string? ToDefinite(IParameterSymbol parameter, bool isVariable, EquatableArray<Extent> axes) =>
        isVariable ? "which is the variable; a layer promises nothing about it"
        : axes.Count < 2 || axes[axes.Count - 1] != axes[axes.Count - 2] ? $"which is no square matrix but of shape {ShapeText.Of(axes)}"
        : SignatureReader.Has(parameter, KnownNames.PositiveAttribute) || SignatureReader.Has(parameter, KnownNames.NonNegativeAttribute) ? "beside a promise about its elements; make one of them"
        : null;

    /// <summary>Why a parameter cannot have the default; null where it can.</summary>
    public static string? ToDefault(IParameterSymbol parameter, Promise promise, double fill) =>
        !KnownNames.IsTensor(parameter.Type) ? "which is a number; give it a default value of C#"
        : SignatureReader.Has(parameter, KnownNames.ArgminAttribute) ? "which is the variable; only inputs can be left out"
        : double.IsNaN(fill) || double.IsInfinity(fill) ? "whose value is not finite"
        : promise == Promise.PositiveDefinite ? "which is promised to be positive definite; a matrix of equal elements is not"
        : promise == Promise.Positive && fill <= 0 ? "whose value breaks the promise [Positive]"
        : promise == Promise.NonNegative && fill < 0 ? "whose value breaks the promise [NonNegative]"
        : null;

    /// <summary>Inputs with a default come last, and what is left says how large they and the variable are: each input that breaks this, and how.</summary>
    public static IEnumerable<(ParameterModel Input, string Objection)> Defaults(IReadOnlyList<ParameterModel> inputs)
    {
        var required = inputs.TakeWhile(input => input.Fill is null).ToList();
        foreach (var input in inputs.Skip(required.Count))
        {
            if (input.Fill is null)
            {
                yield return (input, $"has an input '{input.Name}' without [Default] behind one that has it; move it forward");
            }
            else if (required.Count == 0)
            {
                yield return (input, $"has [Default] on '{input.Name}', but no input without it; a layer needs one");
            }
            else if (input.Axes.SelectMany(axis => axis.Symbols()).FirstOrDefault(symbol => !required.Any(other => other.Axes.Any(axis => axis.Symbol == symbol))) is { } unknown)
            {
                yield return (input, $"has [Default] on '{input.Name}', whose extent '{unknown}' no input without [Default] has");
            }
        }
    }

    /// <summary>A length is a scalar input, the only one of an extent that inputs have and the variable has not: each input that breaks this, and how.</summary>
    public static IEnumerable<(ParameterModel Input, string Objection)> Lengths(IReadOnlyList<ParameterModel> parameters, ParameterModel variable)
    {
        foreach (var parameter in parameters.Where(parameter => parameter.Ragged is not null))
        {
            var extent = Extent.Of(parameter.Ragged!);
            var objection = parameter == variable || parameter.Axes.Count > 0 ? "which is no scalar input; declare [Shape] alone"
                : parameter.Fill is not null ? "beside [Default]; a length cannot be left out"
                : variable.Axes.Any(axis => axis == extent) ? $"but the variable '{variable.Name}' has the extent '{parameter.Ragged}' too; what is minimised over cannot be padded"
                : !parameters.Any(other => other.Axes.Contains(extent)) ? $"but no input has the extent '{parameter.Ragged}'"
                : parameters.Any(other => other != parameter && other.Ragged == parameter.Ragged) ? $"as another input has for '{parameter.Ragged}'; one length is enough"
                : null;
            if (objection is not null)
            {
                yield return (parameter, $"has [Ragged] on '{parameter.Name}', {objection}");
            }
        }
    }
}
