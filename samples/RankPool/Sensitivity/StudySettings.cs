namespace RankPool.Sensitivity;

/// <summary>How much is measured.</summary>
public sealed record StudySettings
{
    /// <summary>ε where it is not what is studied; one of <see cref="Epsilons"/>.</summary>
    public double Epsilon { get; init; } = 0.1;

    /// <summary>The values of C, rising; 1, to whose vectors the others are compared, need not be among them.</summary>
    public required IReadOnlyList<double> Constants { get; init; }

    /// <summary>The values of C at which the network is trained end to end.</summary>
    public required IReadOnlyList<double> EndToEnd { get; init; }

    /// <summary>The values of ε.</summary>
    public required IReadOnlyList<double> Epsilons { get; init; }

    /// <summary>Sequences whose derivatives and stability are measured.</summary>
    public required int Sequences { get; init; }

    /// <summary>Random changes of each kind, a sequence.</summary>
    public required int Draws { get; init; }

    /// <summary>Steps of gradient descent on log C, at most.</summary>
    public required int DescentSteps { get; init; }

    /// <summary>Where gradient descent starts.</summary>
    public required IReadOnlyList<double> Starts { get; init; }

    /// <summary>C from 1e-4 to 1e4.</summary>
    public static StudySettings Full { get; } = new()
    {
        Constants = Powers(-4, 4, perDecade: 2),
        EndToEnd = Powers(-4, 4, perDecade: 1),
        Epsilons = [0, 0.1, 0.5, 1],
        Sequences = 20,
        Draws = 5,
        DescentSteps = 60,
        Starts = [1e-3, 1e-1, 10, 1e3],
    };

    /// <summary>As little as shows that everything works.</summary>
    public static StudySettings Smoke { get; } = Full with
    {
        Constants = Powers(-4, 4, perDecade: 1),
        EndToEnd = [1e-4, 1e4],
        Epsilons = [0, 0.1],
        Sequences = 3,
        Draws = 2,
        DescentSteps = 10,
        Starts = [1e-2, 1e2],
    };

    private static double[] Powers(int from, int to, int perDecade) =>
        [.. Enumerable.Range(0, (to - from) * perDecade + 1).Select(i => Math.Pow(10, from + (double)i / perDecade))];
}
