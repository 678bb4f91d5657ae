using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    public const TensorStringStyle julia = TensorStringStyle.Julia;
    public const TensorStringStyle numpy = TensorStringStyle.Numpy;
    public const TensorStringStyle csharp = TensorStringStyle.CSharp;

    private static TensorStringStyle _style = TensorStringStyle.Julia;
    private static string _floatFormat = "g5";
    private static string _newLine = Environment.NewLine;
    private static int _lineWidth = 100;

    internal static int MostRows { get; private set; } = 6;

    internal static int MostColumns { get; private set; } = 6;

    /// <summary>The style of tensors that are written without one.</summary>
    public static TensorStringStyle TensorStringStyle
    {
        get => _style;
        set => _style = value != TensorStringStyle.Default ? value : throw new ArgumentException("The style cannot be set to 'Default'");
    }

    public static void set_printoptions(int precision, int? linewidth = null, string? newLine = null, bool sci_mode = false, int? maxRows = null, int? maxColumns = null) =>
        set_printoptions(null, string.Create(CultureInfo.InvariantCulture, $"{(sci_mode ? 'E' : 'F')}{precision}"), linewidth, newLine, maxRows, maxColumns);

    public static void set_printoptions(TensorStringStyle? style = null, string? floatFormat = null, int? linewidth = null, string? newLine = null, int? maxRows = null, int? maxColumns = null)
    {
        _style = style ?? _style;
        _floatFormat = floatFormat ?? _floatFormat;
        _newLine = newLine ?? _newLine;
        _lineWidth = linewidth ?? _lineWidth;
        MostRows = maxRows ?? MostRows;
        MostColumns = maxColumns ?? MostColumns;
    }

    public partial class Tensor
    {
        /// <summary>Shape, type and device.</summary>
        public override string ToString() => IsInvalid ? "" : string.Create(CultureInfo.InvariantCulture, $"[{string.Join('x', shape)}], type = {dtype}, device = {device}");

        /// <param name="disamb">Whether the elements are wanted.</param>
        /// <param name="fltFormat">The format of a floating-point number.</param>
        /// <param name="width">The most characters on a line.</param>
        /// <param name="cultureInfo">The culture of numbers; the current one where it is null.</param>
        /// <param name="newLine">What ends a line.</param>
        public string ToString(bool disamb, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null) =>
            disamb ? ToString(TensorStringStyle.Default, fltFormat, width, cultureInfo, newLine) : ToString();

        /// <inheritdoc cref="ToString(bool, string?, int?, CultureInfo?, string?)"/>
        public string ToString(TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style == TensorStringStyle.Default)
                style = _style;
            if (style == TensorStringStyle.Metadata || device_type == DeviceType.META)
                return ToString();
            using var printer = new TensorPrinter(this, fltFormat ?? _floatFormat, cultureInfo ?? CultureInfo.CurrentCulture, newLine ?? _newLine);
            return style switch
            {
                TensorStringStyle.Julia => printer.Julia(width ?? _lineWidth),
                TensorStringStyle.Numpy => printer.Numpy(),
                TensorStringStyle.CSharp => printer.CSharp(),
                _ => throw new ArgumentOutOfRangeException(nameof(style), style, "There is no such style."),
            };
        }
    }
}
