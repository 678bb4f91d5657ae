using RankPool.Data;

namespace RankPool.Tests;

public class DecodedFramesTests
{
    private static readonly FrameSize Size = new(1, 1, 1);

    [Fact]
    public void Every_clip_is_decoded_once_and_the_folder_goes_at_the_end()
    {
        var training = new CountingClip("a", 0, [1, 2, 3]);
        var evaluation = new CountingClip("b", 1, [4]);
        string folder;
        using (var decoded = new DecodedFrames())
        {
            var data = decoded.Of(Data(training, evaluation));
            for (var epoch = 0; epoch < 3; epoch++)
            {
                data.Training[0].Read().AllPixels().ShouldBe([1, 2, 3]);
                data.Evaluation[0].Read().AllPixels().ShouldBe([4]);
            }
            (data.Training[0].Name, data.Evaluation[0].Label).ShouldBe(("a", 1));
            folder = decoded.Path;
            Directory.GetFiles(folder).Length.ShouldBe(2);
        }
        training.Decoded.ShouldBe(1);
        evaluation.Decoded.ShouldBe(1);
        Directory.Exists(folder).ShouldBeFalse();
    }

    private static VideoDataSet Data(Clip training, Clip evaluation) => new()
    {
        Name = "test", Classes = ["first", "second"], FrameSize = Size, Training = [training], Evaluation = [evaluation], Split = "one each", OnDisk = true,
    };

    private sealed record CountingClip(string Name, int Label, byte[] Pixels) : Clip(Name, Label)
    {
        public int Decoded { get; private set; }

        public override Video Read()
        {
            Decoded++;
            return new VideoInMemory(Size, Pixels);
        }
    }
}
