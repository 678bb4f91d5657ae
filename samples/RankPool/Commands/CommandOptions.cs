using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace RankPool.Commands;

/// <summary>Options whose errors are sentences that say what is allowed.</summary>
internal static class CommandOptions
{
    /// <summary>An option that takes one of a few words.</summary>
    public static Option<string> Word(string name, string description, string standard, params string[] words) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', words),
        DefaultValueFactory = _ => standard,
        CustomParser = result => words.Contains(Token(result))
            ? Token(result)
            : Refuse<string>(result, name, $"it must be {string.Join(", ", words[..^1])} or {words[^1]}"),
    };

    /// <summary>An option that takes a list of words with commas between them, each at most once, or one word that stands for an empty list.</summary>
    public static Option<string> Words(string name, string description, string none, params string[] words) => new(name)
    {
        Description = description,
        HelpName = $"{none}|{string.Join(',', words)}",
        DefaultValueFactory = _ => none,
        CustomParser = result => Token(result) == none || Token(result).Split(',') is var list && list.All(words.Contains) && list.Distinct().Count() == list.Length
            ? Token(result)
            : Refuse<string>(result, name, $"it must be {none}, or some of {string.Join(", ", words)} with commas between them, each once"),
    };

    /// <summary>Whether an option stands on the command line.</summary>
    public static bool IsGiven(ParseResult arguments, Option option) => arguments.GetResult(option) is { Implicit: false };

    /// <summary>An option that takes one of a few words. Left out, it is null.</summary>
    public static Option<string?> OptionalWord(string name, string description, params string[] words) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', words),
        CustomParser = result => words.Contains(Token(result))
            ? Token(result)
            : Refuse<string>(result, name, $"it must be {string.Join(", ", words[..^1])} or {words[^1]}"),
    };

    /// <summary>An option that takes a whole number. Left out, it is null.</summary>
    public static Option<int?> Whole(string name, string description, int least, int most = int.MaxValue) =>
        Number(name, description, NumberStyles.AllowLeadingSign, (int value) => value >= least && value <= most,
            most == int.MaxValue ? $"it must be a whole number from {least} on" : $"it must be a whole number from {least} to {most}");

    /// <summary>An option that takes a positive number. Left out, it is null.</summary>
    public static Option<double?> Positive(string name, string description) =>
        Number(name, description, NumberStyles.Float, (double value) => value > 0 && double.IsFinite(value), "it must be a number above 0");

    /// <summary>An option that takes a number from 0 on. Left out, it is null.</summary>
    public static Option<double?> NotNegative(string name, string description) =>
        Number(name, description, NumberStyles.Float, (double value) => value >= 0 && double.IsFinite(value), "it must be a number from 0 on");

    /// <summary>An option that takes a folder, or what <paramref name="what"/> says.</summary>
    public static Option<string?> Folder(string name, string description, string what = "DIR") =>
        new(name) { Description = description, HelpName = what };

    /// <summary>An option that takes a part of a whole, I/N. Left out, it is null.</summary>
    public static Option<(int Part, int Of)?> Share(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "I/N",
        CustomParser = result => Token(result).Split('/') is [var i, var n]
            && int.TryParse(i, NumberStyles.None, CultureInfo.InvariantCulture, out var part)
            && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var of)
            && part >= 1 && part <= of
                ? (part, of)
                : Refuse<(int, int)?>(result, name, "it must be I/N with I from 1 to N, for example 3/16"),
    };

    /// <summary>Refuses an option that was given where it has no meaning.</summary>
    /// <exception cref="UsageException">It was given.</exception>
    public static void Refuse(ParseResult arguments, Option option, bool refused, string why)
    {
        if (refused && IsGiven(arguments, option))
            throw new UsageException($"{option.Name} {why}.");
    }

    private static Option<T?> Number<T>(string name, string description, NumberStyles style, Func<T, bool> allowed, string rule)
        where T : struct, INumber<T> => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => T.TryParse(Token(result), style, CultureInfo.InvariantCulture, out var value) && allowed(value)
            ? value
            : Refuse<T?>(result, name, rule),
    };

    private static string Token(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;

    private static T? Refuse<T>(ArgumentResult result, string name, string rule)
    {
        result.AddError($"{name} is '{Token(result)}'; {rule}.");
        return default;
    }
}
