using System.ComponentModel;

namespace ArgminLayers;

/// <summary>How a comparison of <see cref="CheckReport"/> ended.</summary>
public enum Agreement
{
    /// <summary>Both sides are equal up to what rounding and the step of the differences explain.</summary>
    [Description("agrees")]
    Agrees,

    /// <summary>The second derivative jumps at the point, so that differences across it are not its derivative. Says nothing about the piece.</summary>
    [Description("not comparable, the point is on a kink")]
    OnKink,

    /// <summary>Nothing could be compared: the objective is not finite around the point, or so large that derivatives overflow or drown in its rounding, or the piece has too many elements.</summary>
    [Description("not compared")]
    NotCompared,

    /// <summary>The sides differ, and by more than rounding and the step explain: one of them is wrong.</summary>
    [Description("DIFFERS")]
    Differs,
}
