using System.Globalization;
using RankPool;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};
return Application.Run(args, Console.Out, Console.Error, interrupted.Token);
