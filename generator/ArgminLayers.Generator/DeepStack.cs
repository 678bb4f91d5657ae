using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace ArgminLayers.Generator;

/// <summary>Goes on with a deep recursion on a stack of its own, so that no nesting in a user's code can overflow the compiler's.</summary>
internal static class DeepStack
{
    private const int Bytes = 1 << 26;

    /// <summary>Runs the work on a new stack and waits for it; its exception is this method's.</summary>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            Bytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
