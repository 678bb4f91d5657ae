using System.Globalization;
using System.Runtime.InteropServices;
using RankPool;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var interrupted = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}
// A cluster's scheduler sends SIGTERM some time before it kills: a checkpoint is worth writing then too.
using var byUser = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var byScheduler = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return Application.Run(args, Console.Out, Console.Error, interrupted.Token);
