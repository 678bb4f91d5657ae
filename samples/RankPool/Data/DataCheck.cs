using RankPool.Data.Decoding;
using RankPool.Data.Layouts;

namespace RankPool.Data;

/// <summary>What a look at every clip of a data set has found.</summary>
/// <param name="Listing">The clips that are there, and those that are missing.</param>
/// <param name="Broken">Clips that do not decode.</param>
/// <param name="Frames">The number of frames of every clip that decodes, by its path.</param>
/// <param name="Obstacle">Why the split cannot be run, as a sentence; null where it can.</param>
public sealed record DataCheck(ClipListing Listing, IReadOnlyList<SkippedFile> Broken, IReadOnlyDictionary<string, int> Frames, string? Obstacle)
{
    private static readonly FrameSize Small = new(16, 16, 1);

    /// <summary>Decodes every clip, several at once.</summary>
    /// <exception cref="DataException">The folder or a split file is not what it should be, or there is no ffmpeg.</exception>
    public static DataCheck Of(DataRequest request, CancellationToken interrupted)
    {
        var listing = request.List();
        var broken = new SkippedFiles();
        var frames = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = interrupted };
        Parallel.ForEach(listing.Clips, options, clip =>
        {
            try
            {
                var counted = new CountingStream(Stream.Null);
                new ClipOnDisk(clip.Path, clip.Labels, Small).Decode(counted);
                frames[clip.Path] = (int)(counted.Written / Small.Bytes);
            }
            catch (DataException exception)
            {
                broken.Add(new SkippedFile(clip.Path, exception.Message));
            }
        });
        return new DataCheck(listing, broken.List, frames, FindObstacle(request, listing, frames));
    }

    private static string? FindObstacle(DataRequest request, ClipListing listing, IReadOnlyDictionary<string, int> frames)
    {
        var usable = listing.Clips.Where(clip => frames.ContainsKey(clip.Path)).ToList();
        var broken = listing.Clips.Count - usable.Count;
        if (!request.KeepGoing && listing.Missing.Count + broken > 0)
            return FormattableString.Invariant($"The split cannot be run: {listing.Missing.Count} clips are missing and {broken} do not decode; --keep-going leaves them out.");
        foreach (var use in Enum.GetValues<ClipUse>())
        {
            if (request.Unusable(listing, [.. usable.Where(clip => clip.Use == use)], use.ToString().ToLowerInvariant()) is { } sentence)
                return "The split cannot be run: " + sentence;
        }
        return null;
    }
}
