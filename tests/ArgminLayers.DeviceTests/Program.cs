using System.CommandLine;
using System.Reflection;
using ArgminLayers.DeviceTests;
using TorchSharp;

// Test runners want an SDK and files on disk; these few tests are called here: every theory of the classes for every device, with the device's name.
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
    void Try(string name, Action test)
    {
        try
        {
            test();
            passed++;
            Console.WriteLine($"passed  {name}");
        }
        catch (Exception failure)
        {
            failed++;
            Console.WriteLine($"FAILED  {name}: {(failure is TargetInvocationException { InnerException: { } inner } ? inner : failure)}");
        }
    }

    foreach (var test in new[] { typeof(ArgminLayers.Tests.DeviceTests), typeof(Gallery.Tests.DeviceTests) }.SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<TheoryAttribute>() is not null))
        Try(test.Name, () => test.Invoke(Activator.CreateInstance(test.DeclaringType!), [device]));
    if (device == "cuda" && CopyTests.CanCount)
        Try(nameof(CopyTests.FewTransfers), CopyTests.FewTransfers);
    Console.WriteLine($"{passed} passed, {failed} failed");
    return failed == 0 && passed > 0 ? 0 : 1;
}
