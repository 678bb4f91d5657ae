using System.CommandLine;
using System.CommandLine.Parsing;
using RankPool.Descriptors;
using RankPool.Networks;
using RankPool.Reports;
using static RankPool.Commands.CommandOptions;
using static TorchSharp.torch;

namespace RankPool.Commands;

/// <summary><c>rankpool pool</c>: sequences of feature vectors in, a descriptor of each out.</summary>
internal static class PoolCommand
{
    private const string VideoDarwin = "videodarwin";
    private const string NoPreset = "none";
    private const int StandardMemory = 1024;
    private const int StandardFilesPerBlock = 256;

    public static Command Create(TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        var input = Folder("--in", "The folder with the sequences: .npy, .npz and .csv files of (frames, features), in any depth. Required.");
        var list = Folder("--list", "A text file with the paths below --in to read, a line each. [default: all files with these endings]", "FILE");
        var target = Folder("--out", "The folder for descriptors.npy, names.txt and skipped.csv. A run that ended early goes on there. Required.");
        var preset = Word("--preset", "All settings of a known pipeline in place of the options below.", NoPreset, NoPreset, VideoDarwin);
        var pooling = new PoolingOptions();
        var c = Positive("--C", "Weight of the loss in rank pooling, before ½ Σ: twice liblinear's -c. [default: 1]");
        var epsilon = NotNegative("--epsilon", "Half-width of the band in which rank pooling's regression costs nothing. [default: 0.1]");
        var type = Word("--dtype", "The numbers to compute with and to write.", "float32", "float32", "float64");
        var jobs = Whole("--jobs", "Blocks that are worked on at a time. [default: one a processor]", 1, 1024);
        var memory = Whole("--memory", $"About how many MiB the frames at work may take, all jobs together. [default: {StandardMemory}]", 64, 16_777_216);
        var block = Whole("--files-per-block", $"Files that are written, and repeated after an early end, as one. [default: {StandardFilesPerBlock}]", 1, 1_000_000);
        var shard = Share("--shard", "Which part of the work to do, for example 3/16. 'rankpool merge' puts the parts together. [default: 1/1]");
        var keepGoing = new Option<bool>("--keep-going") { Description = "Leave out sequences that cannot be used, and list them in skipped.csv." };

        var command = new Command("pool", "Pool sequences of feature vectors from files into one descriptor each.") { input, list, target, preset };
        pooling.AddTo(command);
        foreach (var option in (Option[])[c, epsilon, type, jobs, memory, block, shard, keepGoing])
            command.Add(option);
        command.SetAction(arguments =>
        {
            var root = arguments.GetValue(input) ?? throw new UsageException("pool needs --in DIR, the folder with the sequences.");
            var place = arguments.GetValue(target) ?? throw new UsageException("pool needs --out DIR, the folder for the descriptors.");
            if (IsInside(place, root))
                throw new UsageException($"--out '{place}' lies inside --in '{root}', so descriptors would be read as sequences; use another folder.");
            var isPreset = arguments.GetRequiredValue(preset) == VideoDarwin;
            if (isPreset && (pooling.AreGiven(arguments) || IsGiven(arguments, c) || IsGiven(arguments, epsilon)))
                throw new UsageException($"--preset {VideoDarwin} stands for a pooling with its settings; leave out either it or the options of the pooling.");

            var standard = DescriptorSettings.VideoDarwin;
            var (part, parts) = arguments.GetValue(shard) ?? (1, 1);
            var work = new PoolWork
            {
                Files = new SequenceFiles(root, arguments.GetValue(list)),
                Root = root,
                Folder = new DescriptorFolder(place),
                Shard = part,
                Jobs = arguments.GetValue(jobs) ?? Environment.ProcessorCount,
                Memory = (long)(arguments.GetValue(memory) ?? StandardMemory) << 20,
                KeepGoing = arguments.GetValue(keepGoing),
                Settings = new DescriptorSettings
                {
                    Pooling = isPreset ? standard.Pooling : pooling.Read(arguments),
                    C = isPreset ? standard.C : arguments.GetValue(c) ?? 1,
                    Epsilon = isPreset ? standard.Epsilon : arguments.GetValue(epsilon) ?? 0.1,
                    Type = arguments.GetRequiredValue(type) == "float32" ? ScalarType.Float32 : ScalarType.Float64,
                    FilesPerBlock = arguments.GetValue(block) ?? StandardFilesPerBlock,
                    Shards = parts,
                },
            };
            work.Run(Terminal.On(output), Terminal.On(error), interrupted);
        });
        return command;
    }

    private static bool IsInside(string inner, string outer)
    {
        var relative = Path.GetRelativePath(Path.GetFullPath(outer), Path.GetFullPath(inner));
        return relative == "." || !(relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative));
    }
}
