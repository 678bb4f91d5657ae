using System.CommandLine;
using System.Reflection;
using ArgminLayers.Tests;
using TorchSharp;

// Test runners want an SDK and files on disk; these few tests are called here: every method of DeviceTests, with the name of the device.
var device = new Option<string>("--device") { Description = "cpu or cuda.", DefaultValueFactory = _ => "cuda" };
var root = new RootCommand("Runs the tests that are marked for every device.") { device };
root.SetAction(parsed => Run(parsed.GetValue(device)!));
return root.Parse(args).Invoke();

static int Run(string device)
{
    if (device == "cuda" && !torch.cuda.is_available())
    {
        Console.Error.WriteLine("libtorch finds no CUDA device here, so no test ran; --device cpu runs them on the CPU.");
        return 1;
    }
    Console.WriteLine($"libtorch {torch.__version__}, device {device}");
    var (passed, failed) = (0, 0);
    foreach (var test in typeof(DeviceTests).GetMethods().Where(method => method.GetCustomAttribute<TheoryAttribute>() is not null))
    {
        try
        {
            test.Invoke(new DeviceTests(), [device]);
            passed++;
            Console.WriteLine($"passed  {test.Name}");
        }
        catch (TargetInvocationException failure)
        {
            failed++;
            Console.WriteLine($"FAILED  {test.Name}: {failure.InnerException}");
        }
    }
    Console.WriteLine($"{passed} passed, {failed} failed");
    return failed == 0 && passed > 0 ? 0 : 1;
}
