using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using ArgminLayers.DeviceTests;
using TorchSharp;
using Xunit.Sdk;

// Test runners want an SDK and files on disk; the tests of the classes that are marked for every device are called here: every theory with its rows for one device.
var device = new Option<string>("--device") { Description = "cpu or cuda.", DefaultValueFactory = _ => "cuda" };
var only = new Option<string>("--only") { Description = "A part of the names of the tests to run; all where it is left out.", DefaultValueFactory = _ => "" };
var root = new RootCommand("Runs the tests that are marked for every device.") { device, only };
root.SetAction(parsed => Run(parsed.GetValue(device)!, parsed.GetValue(only)!));
return root.Parse(args).Invoke();

static int Run(string device, string only)
{
    if (device == "cuda" && !torch.cuda.is_available())
    {
        Console.Error.WriteLine("libtorch finds no CUDA device here, so no test ran; --device cpu runs them on the CPU.");
        return 1;
    }
    Console.WriteLine($"libtorch {torch.__version__}, device {device}");
    var (passed, failed, clock) = (0, 0, Stopwatch.StartNew());
    void Try(string name, Action test)
    {
        if (!name.Contains(only, StringComparison.OrdinalIgnoreCase))
            return;
        // The name comes first: a fault in native code may end the process.
        Console.Write($"{name}: ");
        var start = clock.Elapsed;
        try
        {
            test();
            passed++;
            Console.WriteLine($"passed, {(clock.Elapsed - start).TotalSeconds:f2} s");
        }
        catch (Exception failure)
        {
            failed++;
            Console.WriteLine($"FAILED: {(failure is TargetInvocationException { InnerException: { } inner } ? inner : failure)}");
        }
    }

    foreach (var test in Assembly.GetExecutingAssembly().GetTypes().Where(IsForEveryDevice).SelectMany(type => type.GetMethods()).Where(method => method.IsDefined(typeof(TheoryAttribute))))
    {
        foreach (var row in test.GetCustomAttributes<DataAttribute>().SelectMany(data => data.GetData(test)).Where(row => row[0] is string own && own == device))
            Try($"{test.DeclaringType!.FullName}.{test.Name}({string.Join(", ", row.Skip(1))})", () => test.Invoke(Activator.CreateInstance(test.DeclaringType!), row));
    }
    if (device == "cuda" && CopyTests.CanCount)
        Try(nameof(CopyTests.FewTransfers), CopyTests.FewTransfers);
    Console.WriteLine($"{passed} passed, {failed} failed, {clock.Elapsed.TotalSeconds:f0} s");
    return failed == 0 && passed > 0 ? 0 : 1;
}

static bool IsForEveryDevice(Type type)
    => type.CustomAttributes.Any(attribute => attribute.AttributeType == typeof(TraitAttribute) && attribute.ConstructorArguments is [{ Value: "Device" }, { Value: "every" }]);
