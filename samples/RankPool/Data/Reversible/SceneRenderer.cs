namespace RankPool.Data.Reversible;

/// <summary>Draws the frames of a scene, anti-aliased, at any size, in grey or in colour.</summary>
public static class SceneRenderer
{
    /// <summary>Renders all frames; the noise comes from <paramref name="random"/>, so equal states give equal bytes.</summary>
    public static VideoInMemory Render(Scene scene, FrameSize size, Random random)
    {
        var pixels = new byte[scene.Frames * size.Bytes];
        for (var t = 0; t < scene.Frames; t++)
            RenderFrame(scene, scene.At(t), size, random, pixels.AsSpan(t * size.Bytes, size.Bytes));
        return new VideoInMemory(size, pixels);
    }

    private static void RenderFrame(Scene scene, Pose pose, FrameSize size, Random random, Span<byte> frame)
    {
        double unit = Math.Min(size.Width, size.Height);
        var (sin, cos) = Math.SinCos(pose.Angle);
        var i = 0;
        for (var row = 0; row < size.Height; row++)
        {
            for (var column = 0; column < size.Width; column++)
            {
                var (x, y) = ((column + 0.5) / size.Width, (row + 0.5) / size.Height);
                var (dx, dy) = ((x - pose.X) * size.Width / unit, (y - pose.Y) * size.Height / unit);
                // The form's own axes: "across" to its right, "along" upwards.
                var (across, along) = (cos * dx + sin * dy, sin * dx - cos * dy);
                var coverage = Math.Clamp(0.5 - Distance(scene.Form, across, along, pose.Radius) * unit, 0, 1);
                var light = scene.Background + scene.SlopeX * (x - 0.5) + scene.SlopeY * (y - 0.5);
                var noise = scene.Noise * random.NextGaussian();
                for (var channel = 0; channel < size.Channels; channel++)
                {
                    var (back, front) = size.Channels == 1 ? (1, 1) : Tints(scene, channel);
                    var value = light * back + coverage * pose.Contrast * front + noise;
                    frame[i++] = (byte)Math.Clamp((int)Math.Round(255 * value), 0, 255);
                }
            }
        }
    }

    private static (double Back, double Front) Tints(Scene scene, int channel) => channel switch
    {
        0 => (scene.BackgroundTint.Red, scene.FormTint.Red),
        1 => (scene.BackgroundTint.Green, scene.FormTint.Green),
        _ => (scene.BackgroundTint.Blue, scene.FormTint.Blue),
    };

    /// <summary>Signed distance to the form's outline, negative inside.</summary>
    private static double Distance(Form form, double across, double along, double radius) => form switch
    {
        Form.Disc => Length(across, along) - radius,
        Form.Square => Math.Max(Math.Abs(across), Math.Abs(along)) - 0.85 * radius,
        Form.Triangle => Math.Max(0.8660254 * Math.Abs(across) + 0.5 * along, -along) - 0.6 * radius,
        Form.Hand => Math.Min(
            Math.Max(Math.Abs(across) - 0.16 * radius, Math.Abs(along - 0.4 * radius) - 0.4 * radius),
            Length(across, along - 0.8 * radius) - 0.32 * radius),
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "Not a form."),
    };

    private static double Length(double x, double y) => Math.Sqrt(x * x + y * y);
}
