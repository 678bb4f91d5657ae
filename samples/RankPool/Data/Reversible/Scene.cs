namespace RankPool.Data.Reversible;

/// <summary>What changes in a scene from its first frame to its last. Played backwards, each is another class.</summary>
public enum Motion
{
    Grow,
    MoveRight,
    MoveUp,
    TurnRight,
    Brighten,

    /// <summary>From the lower left to the upper right. For data sets of more than ten classes.</summary>
    Climb,
}

/// <summary>The form that moves.</summary>
public enum Form
{
    Disc,
    Square,
    Triangle,

    /// <summary>A hand of a clock: a bar from the centre outwards that ends in a disc. It looks the same only after a full turn.</summary>
    Hand,
}

/// <summary>A colour with components from 0 (dark) to 1.</summary>
public readonly record struct Colour(double Red, double Green, double Blue);

/// <summary>Where the form is and what it looks like at one moment. Lengths are fractions of the frame's shorter side.</summary>
/// <param name="X">Centre, from the left.</param>
/// <param name="Y">Centre, from the top.</param>
/// <param name="Radius">Half the form's extent.</param>
/// <param name="Angle">Direction of the form in radians, clockwise from upright.</param>
/// <param name="Contrast">How much brighter the form is than the background.</param>
public readonly record struct Pose(double X, double Y, double Radius, double Angle, double Contrast);

/// <summary>A drawn scene before it is rendered: all that chance decides except the noise of the pixels.</summary>
public sealed record Scene
{
    public required Motion Motion { get; init; }

    public required Form Form { get; init; }

    /// <summary>The form at the first and at the last moment; between them every value goes one way.</summary>
    public required Pose First { get; init; }

    /// <inheritdoc cref="First"/>
    public required Pose Last { get; init; }

    /// <summary>Progress at time τ in [0, 1] is τ^<see cref="Pace"/>.</summary>
    public required double Pace { get; init; }

    public required int Frames { get; init; }

    /// <summary>Brightness of the background in the middle, and its slope across the frame.</summary>
    public required double Background { get; init; }

    public required double SlopeX { get; init; }

    public required double SlopeY { get; init; }

    public required Colour BackgroundTint { get; init; }

    public required Colour FormTint { get; init; }

    /// <summary>Standard deviation of the noise, which is drawn anew for every pixel of every frame.</summary>
    public required double Noise { get; init; }

    /// <summary>The form at frame <paramref name="t"/>.</summary>
    public Pose At(int t)
    {
        var progress = Frames == 1 ? 0 : Math.Pow((double)t / (Frames - 1), Pace);
        double Between(double first, double last) => first + progress * (last - first);
        return new Pose(
            Between(First.X, Last.X), Between(First.Y, Last.Y), Between(First.Radius, Last.Radius),
            Between(First.Angle, Last.Angle), Between(First.Contrast, Last.Contrast));
    }

    /// <summary>Draws a scene with the given motion; everything else is left to chance.</summary>
    public static Scene Draw(Motion motion, int minFrames, int maxFrames, Random random)
    {
        double In(double low, double high) => low + random.NextDouble() * (high - low);
        Colour Tint() => new(In(0.6, 1), In(0.6, 1), In(0.6, 1));

        var form = motion == Motion.TurnRight ? Form.Hand : (Form)random.Next(3);
        var radius = In(0.13, 0.22);
        var pose = new Pose(In(0.3, 0.7), In(0.3, 0.7), radius, In(-0.5, 0.5), In(0.35, 0.65));
        var (first, last) = motion switch
        {
            Motion.Grow => (pose with { Radius = In(0.07, 0.13) }, pose with { Radius = In(0.24, 0.36) }),
            Motion.MoveRight => (pose with { X = In(0.1, 0.35) }, pose with { X = In(0.65, 0.9) }),
            Motion.MoveUp => (pose with { Y = In(0.65, 0.9) }, pose with { Y = In(0.1, 0.35) }),
            // Less than half a turn, about upright: read backwards it is a turn the other way, never the same turn.
            Motion.TurnRight => (
                pose with { Radius = In(0.28, 0.4), Angle = In(-1.4, -0.7) },
                pose with { Angle = In(0.7, 1.4) }),
            Motion.Brighten => (pose with { Contrast = In(0.05, 0.15) }, pose with { Contrast = In(0.5, 0.7) }),
            Motion.Climb => (pose with { X = In(0.1, 0.35), Y = In(0.65, 0.9) }, pose with { X = In(0.65, 0.9), Y = In(0.1, 0.35) }),
            _ => throw new ArgumentOutOfRangeException(nameof(motion), motion, "Not a motion."),
        };
        if (motion == Motion.TurnRight)
            last = last with { Radius = first.Radius };

        return new Scene
        {
            Motion = motion,
            Form = form,
            First = first,
            Last = last,
            Pace = In(0.75, 1.35),
            Frames = random.Next(minFrames, maxFrames + 1),
            Background = In(0.1, 0.3),
            SlopeX = In(-0.15, 0.15),
            SlopeY = In(-0.15, 0.15),
            BackgroundTint = Tint(),
            FormTint = Tint(),
            Noise = In(0.01, 0.05),
        };
    }
}
