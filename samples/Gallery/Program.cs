using ArgminLayers;
using Gallery;
using TorchSharp;

var known = Examples.All.ToDictionary(example => example.Name);
if (args.Length == 0 || args.Any(name => !known.ContainsKey(name) && name != "all"))
{
    foreach (var name in args.Where(name => !known.ContainsKey(name)))
    {
        Console.Error.WriteLine($"There is no example '{name}'.");
    }

    Console.WriteLine("Examples, to be named as arguments, or 'all':");
    foreach (var example in Examples.All)
    {
        Console.WriteLine($"  {example.Name}");
    }

    return args.Length == 0 ? 0 : 2;
}

var passed = true;
foreach (var example in args.Contains("all") ? Examples.All : args.Select(name => known[name]))
{
    using var scope = torch.NewDisposeScope();
    var (result, check) = example.Run();
    var (info, problem) = (example.Info, result.Problems[0]);
    Console.WriteLine($"{example.Name}: {info.Smoothness}, {info.Curvature}, Hessian {info.Structure}{(info.HasConstantHessian ? ", constant" : "")}");
    Console.WriteLine($"{problem.Solver} with {problem.Hessian}, {problem.Iterations} steps: {problem.Status.Sentence()}");
    Console.WriteLine($"{info.Variable.Name} = {string.Join(", ", result.Solution.data<double>().ToArray().Select(number => number.ToString("g6")))}");
    Console.WriteLine(check);
    Console.WriteLine();
    passed &= check.Passed && result.Converged;
}

return passed ? 0 : 1;
