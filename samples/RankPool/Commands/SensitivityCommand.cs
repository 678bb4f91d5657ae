using System.CommandLine;
using RankPool.Reports;
using RankPool.Sensitivity;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary><c>rankpool sensitivity</c>: how much the regularisation constant C of rank pooling matters.</summary>
internal static class SensitivityCommand
{
    private const string Smoke = "smoke";
    private const int SmokeScenes = 4, SmokeEpochs = 2;

    public static Command Create(TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        var command = new Command("sensitivity", "Measure how accuracy, pooled vectors, their derivatives and their stability depend on C and ε, and learn C.");
        var preset = Word("--preset", $"How much is measured; {Smoke} is as little as shows that everything works: at most {SmokeScenes} scenes and {SmokeEpochs} epochs.", "full", "full", Smoke);
        var sequences = Folder(
            "--sequences", "Features in place of videos: a folder of 'rankpool extract', or train/CLASS and test/CLASS, or CLASS alone, with .npy, .npz and .csv files of (frames, features).");
        command.Add(preset);
        command.Add(sequences);
        var options = new ExperimentOptions();
        options.AddTo(command);
        command.SetAction(arguments =>
        {
            var isSmoke = arguments.GetRequiredValue(preset) == Smoke;
            var experiment = options.Read(arguments, command.Name);
            if (isSmoke)
            {
                experiment = experiment with
                {
                    Scenes = experiment.Scenes is { } scenes ? Math.Min(scenes, SmokeScenes) : null,
                    Settings = experiment.Settings with { Epochs = Math.Min(experiment.Settings.Epochs, SmokeEpochs) },
                };
            }
            var work = new SensitivityWork
            {
                Experiment = experiment,
                Sequences = arguments.GetValue(sequences),
                Study = isSmoke ? StudySettings.Smoke : StudySettings.Full,
            };
            work.Run(output, Terminal.On(experiment.Json ? error : output), interrupted);
        });
        return command;
    }
}
