using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

namespace SystemLibtorch.Tests;

/// <summary>
/// native/build.sh compiles once for each compiler, libtorch and source, and says in a sentence what it misses. The compiler here is a script
/// that keeps a list of its calls, and libtorch is a folder with the few files that are looked for.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class NativeBuildTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("native-build-").FullName;

    public NativeBuildTests()
    {
        Directory.CreateDirectory(In("native"));
        foreach (string file in Directory.GetFiles(Native()))
            File.Copy(file, In("native", Path.GetFileName(file)));
        Put("libtorch/include/ATen/core/Tensor.h", "");
        Put("libtorch/include/torch/csrc/api/include/torch/version.h", "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 5\n#define TORCH_VERSION_PATCH 1\n");
        Put("libtorch/lib/libtorch_cpu.so", "first");
        Compiler(newestStandard: 20);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void NothingIsCompiledWhereNothingHasChanged()
    {
        Succeed().ShouldContain("Compiled the bridge to libtorch 2.5.1");
        Succeed().ShouldBeEmpty();
        Compilations().ShouldBe(1);
    }

    [Fact]
    public void AnotherSourceLibraryOrCompilerCompilesAgain()
    {
        Succeed();
        File.AppendAllText(In("native", "tensors.cpp"), "// changed\n");
        Succeed();
        Compilations().ShouldBe(2);
        Put("libtorch/lib/libtorch_cpu.so", "another, longer");
        Succeed();
        Compilations().ShouldBe(3);
        Compiler(newestStandard: 20, version: "another compiler 2");
        Succeed();
        Compilations().ShouldBe(4);
    }

    [Fact]
    public void BuildsAtTheSameTimeCompileOnce()
    {
        var builds = Enumerable.Range(0, 4).Select(_ => Start("g++-of-the-test")).ToList();
        foreach (var build in builds)
        {
            build.WaitForExit();
            build.ExitCode.ShouldBe(0);
            build.Dispose();
        }
        Compilations().ShouldBe(1);
    }

    [Theory]
    [InlineData(20, "-std=c++20")]
    [InlineData(17, "-std=c++17")]
    [InlineData(14, "-std=c++14")]
    public void TheNewestStandardThatCompilesTheHeadersIsTaken(int newest, string option)
    {
        Compiler(newest);
        Succeed();
        Calls().Single(c => c.Contains("shim.cpp", StringComparison.Ordinal)).ShouldContain(option);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TheLibrarysOwnAbiIsTaken(int abi)
    {
        Put("libtorch/share/cmake/Torch/TorchConfig.cmake", $"set(TORCH_CXX_FLAGS \"-D_GLIBCXX_USE_CXX11_ABI={abi}\")\n");
        Succeed();
        Calls().Single(c => c.Contains("shim.cpp", StringComparison.Ordinal)).ShouldContain($"-D_GLIBCXX_USE_CXX11_ABI={abi}");
    }

    [Fact]
    public void AMissingCompilerIsNamedWithItsPackage() =>
        Fail("no-such-compiler").ShouldBe("The compiler 'no-such-compiler' is missing, which builds the bridge to libtorch: apt-get install g++");

    [Fact]
    public void AMissingHeaderIsNamed()
    {
        File.Delete(In("libtorch", "include", "ATen", "core", "Tensor.h"));
        Fail().ShouldBe($"libtorch's header ATen/core/Tensor.h is not in {In("libtorch")}/include: take a libtorch with headers.");
    }

    [Fact]
    public void AFolderThatIsNoLibtorchIsNamed()
    {
        Directory.Delete(In("libtorch"), recursive: true);
        Directory.CreateDirectory(In("libtorch"));
        Fail().ShouldBe($"LIBTORCH is '{In("libtorch")}', which has no folder include/: set it to the root of a libtorch.");
    }

    [Fact]
    public void AFailedBuildLeavesNothingThatPassesForOne()
    {
        Compiler(newestStandard: 20, compiles: false);
        Fail().ShouldContain("does not compile: shim.cpp:1: error: of the test");
        Compiler(newestStandard: 20);
        Succeed();
        Compilations().ShouldBe(2);
    }

    private void Compiler(int newestStandard, string version = "compiler of the test 1", bool compiles = true)
    {
        string path = Put("g++-of-the-test", $$"""
            #!/bin/sh
            case "$*" in
                --version) echo "{{version}}"; exit 0 ;;
                *-fsyntax-only*)
                    cat > /dev/null
                    for newer in 14 17 20; do
                        case "$*" in *-std=c++$newer*) [ $newer -le {{newestStandard}} ]; exit ;; esac
                    done ;;
            esac
            echo "$*" >> "{{In("calls")}}"
            sleep 0.2
            if {{(compiles ? "false" : "true")}}; then echo "shim.cpp:1: error: of the test" >&2; exit 1; fi
            while [ $# -gt 0 ]; do
                if [ "$1" = -o ]; then echo library > "$2"; fi
                shift
            done
            """);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Succeed()
    {
        using var build = Start("g++-of-the-test");
        var errors = build.StandardError.ReadToEndAsync();
        string output = build.StandardOutput.ReadToEnd();
        build.WaitForExit();
        build.ExitCode.ShouldBe(0, errors.Result);
        File.ReadAllText(In("out", "libTorchSharpShim.so")).ShouldBe("library\n");
        return output;
    }

    private string Fail(string compiler = "g++-of-the-test")
    {
        using var build = Start(compiler);
        string errors = build.StandardError.ReadToEnd();
        build.WaitForExit();
        build.ExitCode.ShouldBe(1);
        File.Exists(In("out", "shim.stamp")).ShouldBeFalse();
        return errors.TrimEnd();
    }

    private Process Start(string compiler)
    {
        var start = new ProcessStartInfo("sh", [In("native", "build.sh"), In("out"), In("libtorch")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["CXX"] = compiler == "g++-of-the-test" ? In(compiler) : compiler;
        return Process.Start(start)!;
    }

    private List<string> Calls() => [.. File.ReadAllLines(In("calls"))];

    private int Compilations() => Calls().Count;

    private string Put(string name, string text)
    {
        string path = In(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private string In(params string[] parts) => Path.Combine([_root, .. parts]);

    private static string Native([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../runtime/TorchSharp.SystemLibtorch/native"));
}
