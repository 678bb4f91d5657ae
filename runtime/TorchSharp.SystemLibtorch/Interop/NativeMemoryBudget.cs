namespace TorchSharp.Interop;

/// <summary>
/// Makes the garbage collector look for undisposed tensors when native memory has doubled since it last did. It does not know of that
/// memory by itself, and <see cref="GC.AddMemoryPressure"/> would have it collect all the time in code that disposes its tensors.
/// </summary>
internal static class NativeMemoryBudget
{
    private const long Least = 256L << 20;

    private static long _bytes;
    private static long _limit = Least;

    internal static void Add(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) > Volatile.Read(ref _limit))
            Collect();
    }

    internal static void Remove(long bytes) => Interlocked.Add(ref _bytes, -bytes);

    private static void Collect()
    {
        // One thread collects; the others go on.
        long limit = Volatile.Read(ref _limit);
        if (limit == long.MaxValue || Interlocked.CompareExchange(ref _limit, long.MaxValue, limit) != limit)
            return;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Volatile.Write(ref _limit, Math.Max(Least, 2 * Interlocked.Read(ref _bytes)));
    }
}
