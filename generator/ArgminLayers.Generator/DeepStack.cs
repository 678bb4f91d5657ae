using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace ArgminLayers.Generator;

/// <summary>Goes on with a deep recursion on a stack of its own, so that no nesting in a user's code can overflow the compiler's.</summary>
internal static class DeepStack
{
    private const int Bytes = 1 << 26;

    /// <summary>Recursion over so many instructions fits on any stack.</summary>
    private const int FewInstructions = 200;

    /// <summary>Runs work whose recursion may be as deep as there are instructions: here for a few, else on a new stack.</summary>
    public static T Run<T>(int instructions, Func<T> work) => instructions <= FewInstructions ? work() : Run(work);

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
