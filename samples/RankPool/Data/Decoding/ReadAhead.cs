namespace RankPool.Data.Decoding;

/// <summary>Reads clips in order, several at once ahead of the one in use.</summary>
public static class ReadAhead
{
    /// <summary>The videos of some clips.</summary>
    /// <param name="data">Whose clips they are; it says whether clips that cannot be read are left out.</param>
    /// <param name="clips">The clips in the order in which they are wanted.</param>
    /// <param name="interrupted">Ends the reading.</param>
    /// <returns>Each clip with its video, which the caller disposes.</returns>
    /// <exception cref="DataException">A clip cannot be read, and such clips are not left out.</exception>
    public static IEnumerable<(Clip Clip, Video Video)> Read(VideoDataSet data, IEnumerable<Clip> clips, CancellationToken interrupted)
    {
        if (!data.OnDisk)
        {
            foreach (var clip in clips)
            {
                interrupted.ThrowIfCancellationRequested();
                yield return (clip, clip.Read());
            }
            yield break;
        }
        var ahead = Math.Clamp(Environment.ProcessorCount, 2, 8);
        var reading = new Queue<(Clip Clip, Task<Video> Video)>();
        using var rest = clips.GetEnumerator();
        try
        {
            while (true)
            {
                while (reading.Count < ahead && rest.MoveNext())
                {
                    var clip = rest.Current;
                    reading.Enqueue((clip, Task.Run(clip.Read, CancellationToken.None)));
                }
                if (reading.Count == 0)
                    yield break;
                interrupted.ThrowIfCancellationRequested();
                var (next, task) = reading.Dequeue();
                if (Result(data, next, task) is { } video)
                    yield return (next, video);
            }
        }
        finally
        {
            // Nobody wants these any more; what they write into must not go before they end.
            foreach (var (_, task) in reading)
            {
                ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
                if (task.IsCompletedSuccessfully)
                    task.Result.Dispose();
            }
        }
    }

    private static Video? Result(VideoDataSet data, Clip clip, Task<Video> task)
    {
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (DataException exception) when (data.Skipped is not null)
        {
            data.Skipped.Add(new SkippedFile(clip.Name, exception.Message));
            return null;
        }
    }
}
