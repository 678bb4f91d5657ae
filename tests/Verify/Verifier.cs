using System.Runtime.CompilerServices;
using System.Text;
using Xunit.Sdk;

namespace VerifyXunit;

/// <summary>
/// Compares a text with the golden file beside the test, <c>Class.Method.verified.ext</c>. On a difference the text is left in
/// <c>Class.Method.received.ext</c>; copying it over the golden file accepts it.
/// </summary>
public static class Verifier
{
    /// <summary>Compares a text with its golden file.</summary>
    /// <param name="target">The text.</param>
    /// <param name="extension">The file's extension.</param>
    /// <param name="sourceFile">The test's file; leave it out.</param>
    /// <param name="method">The test's method; leave it out.</param>
    /// <exception cref="XunitException">Thrown when they differ, or when there is no golden file.</exception>
    public static async Task Verify(
        string target, string extension = "txt", [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "")
    {
        var stem = Path.Combine(Path.GetDirectoryName(sourceFile)!, $"{Path.GetFileNameWithoutExtension(sourceFile)}.{method}");
        var (verified, received) = ($"{stem}.verified.{extension}", $"{stem}.received.{extension}");
        var actual = Normalize(target);
        var expected = File.Exists(verified) ? Normalize(await File.ReadAllTextAsync(verified)) : null;
        if (actual == expected)
        {
            File.Delete(received);
            return;
        }

        await File.WriteAllTextAsync(received, actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        throw new XunitException(expected is null
            ? $"There is no golden file {verified}. If {received} is right, rename it so."
            : $"{received} differs from {verified}.{Environment.NewLine}{FirstDifference(expected, actual)}");
    }

    private static string Normalize(string text) => text.Replace("\r\n", "\n").TrimEnd('\n') + "\n";

    private static string FirstDifference(string expected, string actual)
    {
        var (before, now) = (expected.Split('\n'), actual.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(before.Length, now.Length))
            .First(k => k >= before.Length || k >= now.Length || before[k] != now[k]);
        string At(string[] lines) => line < lines.Length ? lines[line] : "(the end)";
        return $"Line {line + 1}:{Environment.NewLine}  verified: {At(before)}{Environment.NewLine}  received: {At(now)}";
    }
}
