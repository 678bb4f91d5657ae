using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace TorchSharp.Interop;

/// <summary>
/// Exceptions on their way through native frames: a callback parks its exception here and returns the number, the shim throws an error
/// with that number through libtorch, and the managed caller at the other end rethrows the exception it finds under it.
/// </summary>
internal static class ManagedExceptions
{
    private static readonly ConcurrentDictionary<long, ExceptionDispatchInfo> Parked = new();
    private static long _last;

    internal static long Park(Exception exception)
    {
        long id = Interlocked.Increment(ref _last);
        Parked[id] = ExceptionDispatchInfo.Capture(exception);
        return id;
    }

    internal static void Rethrow(long id)
    {
        if (Parked.TryRemove(id, out var exception))
            exception.Throw();
    }
}
