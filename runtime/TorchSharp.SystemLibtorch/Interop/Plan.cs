using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Interop;

/// <summary>How the values of a call become the arguments of an operator's schema.</summary>
internal sealed unsafe class Plan
{
    private readonly Parameter[] _parameters;
    private readonly int[] _positions;
    private readonly string _name;

    private Plan(nint handle, string name, Parameter[] parameters, int[] positions)
    {
        Handle = handle;
        _name = name;
        _parameters = parameters;
        _positions = positions;
        HasLists = Array.Exists(parameters, p => p.Type >= DeclaredType.Text);
        Expansion = parameters.Sum(p => p.FixedLength);
    }

    /// <summary>What an argument's type in the schema means here; from <see cref="Text"/> on it needs space in the list buffer.</summary>
    private enum DeclaredType
    {
        Other,
        Tensor,
        Scalar,
        Integer,
        Real,
        Boolean,
        Text,
        IntegerList,
        RealList,
        BooleanList,
        TensorList,
        OptionalTensorList,
    }

    private sealed record Parameter(string Name, string TypeName, DeclaredType Type, bool Optional, int FixedLength, bool HasDefault);

    internal nint Handle { get; }

    internal int Count => _parameters.Length;

    internal bool HasLists { get; }

    /// <summary>The most elements that single numbers become where the schema wants lists of a fixed length.</summary>
    internal int Expansion { get; }

    /// <param name="declaration"><c>name.overload(argument, argument, …)</c></param>
    /// <exception cref="NotSupportedException">This libtorch has no such operator, or the operator no such argument, or another one that must be given.</exception>
    internal static Plan For(string declaration)
    {
        int open = declaration.IndexOf('(');
        string full = declaration[..open];
        string[] given = declaration[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string name = full.Contains("::", StringComparison.Ordinal) ? full : "aten::" + full;
        string overload = "";
        if (name.IndexOf('.') is > 0 and var dot)
            (name, overload) = (name[..dot], name[(dot + 1)..]);

        nint handle = Find(name, overload);
        if (handle == 0)
            throw new NotSupportedException($"libtorch {Native.Version} has no operator {full}.");
        var parameters = Parse(Marshal.PtrToStringUTF8((nint)Native.shim_operator_arguments(handle))!);

        var positions = new int[given.Length];
        for (int i = 0; i < given.Length; i++)
        {
            string[] names = given[i].Split('|');
            positions[i] = Array.FindIndex(parameters, p => names.Contains(p.Name));
            if (positions[i] < 0)
                throw new NotSupportedException($"The operator {full} of libtorch {Native.Version} has no argument '{given[i]}'; it has {string.Join(", ", parameters.Select(p => p.Name))}.");
        }
        for (int i = 0; i < parameters.Length; i++)
        {
            if (!parameters[i].HasDefault && !positions.Contains(i))
                throw new NotSupportedException($"The operator {full} of libtorch {Native.Version} wants an argument '{parameters[i].Name}', which is not given.");
        }
        return new Plan(handle, full, parameters, positions);
    }

    internal void FillDefaults(NativeValue* arguments) => new Span<NativeValue>(arguments, Count).Clear();

    /// <summary>Writes the value for the i-th declared argument, as the type that the schema declares.</summary>
    internal void Push(in Value value, int i, NativeValue* arguments, ref long* buffer)
    {
        if (i >= _positions.Length)
            throw new ArgumentException($"The operator {_name} is declared with {_positions.Length} arguments and called with more.");
        int position = _positions[i];
        ref var argument = ref arguments[position];
        var parameter = _parameters[position];
        argument.Kind = (long)value.Kind;
        argument.Bits = value.Bits;
        switch (value.Kind)
        {
            case ValueKind.Tensor:
                if (parameter.Type >= DeclaredType.TensorList)
                    PushOne(ref argument, value.Bits, parameter.Type == DeclaredType.TensorList ? ValueKind.TensorList : ValueKind.OptionalTensorList, ref buffer);
                break;
            case ValueKind.Integer or ValueKind.Real or ValueKind.Boolean:
                PushNumber(ref argument, value, parameter, ref buffer);
                break;
            case ValueKind.IntegerList or ValueKind.RealList or ValueKind.BooleanList or ValueKind.TensorList or ValueKind.OptionalTensorList:
                PushList(ref argument, value, parameter, ref buffer);
                break;
            case ValueKind.Text:
                string text = (string)value.Reference!;
                argument.Length = Encoding.UTF8.GetBytes(text, new Span<byte>(buffer, ListBuffer.Units(text) * 8));
                argument.Bits = (nint)buffer;
                buffer += ListBuffer.Units(text);
                break;
            case ValueKind.Device:
                var device = (torch.Device)value.Reference!;
                argument.Bits = (long)device.type;
                argument.Length = device.index;
                break;
            case ValueKind.Generator:
                argument.Bits = ((torch.Generator)value.Reference!).Handle;
                break;
            case ValueKind.None when !parameter.Optional:
                throw new ArgumentNullException(parameter.Name, $"{_name} got null for its argument '{parameter.Name}', a {parameter.TypeName}.");
        }
    }

    private void PushNumber(ref NativeValue argument, in Value value, Parameter parameter, ref long* buffer)
    {
        switch (parameter.Type)
        {
            case DeclaredType.Scalar:
                return;
            case DeclaredType.Real:
                argument.Bits = BitConverter.DoubleToInt64Bits(AsReal(value));
                argument.Kind = (long)ValueKind.Real;
                return;
            case DeclaredType.Integer when value.Kind != ValueKind.Real:
                argument.Kind = (long)ValueKind.Integer;
                return;
            case DeclaredType.Boolean when value.Kind != ValueKind.Real:
                argument.Kind = (long)ValueKind.Boolean;
                return;
            case DeclaredType.IntegerList when value.Kind == ValueKind.Integer:
                for (int k = 0; k < Math.Max(1, parameter.FixedLength); k++)
                    buffer[k] = value.Bits;
                argument.Kind = (long)ValueKind.IntegerList;
                argument.Length = Math.Max(1, parameter.FixedLength);
                argument.Bits = (nint)buffer;
                buffer += argument.Length;
                return;
            default:
                throw Mismatch(value.Kind.ToString(), parameter);
        }
    }

    private void PushList(ref NativeValue argument, in Value value, Parameter parameter, ref long* buffer)
    {
        long* start = buffer;
        switch (value.Reference)
        {
            case long[] integers when parameter.Type == DeclaredType.IntegerList:
                foreach (long item in integers)
                    *buffer++ = item;
                break;
            case double[] reals when parameter.Type == DeclaredType.RealList:
                foreach (double item in reals)
                    *(double*)buffer++ = item;
                break;
            case bool[] booleans when parameter.Type == DeclaredType.BooleanList:
                foreach (bool item in booleans)
                    *buffer++ = item ? 1 : 0;
                break;
            case IReadOnlyList<torch.Tensor?> tensors when parameter.Type >= DeclaredType.TensorList:
                for (int k = 0; k < tensors.Count; k++)
                    *buffer++ = Element(tensors[k], k, parameter);
                argument.Kind = (long)(parameter.Type == DeclaredType.TensorList ? ValueKind.TensorList : ValueKind.OptionalTensorList);
                break;
            default:
                throw Mismatch(value.Kind.ToString(), parameter);
        }
        argument.Length = buffer - start;
        argument.Bits = (nint)start;
    }

    private nint Element(torch.Tensor? tensor, int index, Parameter parameter)
    {
        if (tensor is not null)
            return tensor.Handle;
        if (parameter.Type == DeclaredType.OptionalTensorList)
            return 0;
        throw new ArgumentNullException(parameter.Name, $"{_name} got null as element {index} of its argument '{parameter.Name}'.");
    }

    private static void PushOne(ref NativeValue argument, long handle, ValueKind kind, ref long* buffer)
    {
        *buffer = handle;
        argument.Kind = (long)kind;
        argument.Length = 1;
        argument.Bits = (nint)buffer++;
    }

    private static double AsReal(in Value value) =>
        value.Kind == ValueKind.Real ? BitConverter.Int64BitsToDouble(value.Bits) : value.Bits;

    private ArgumentException Mismatch(string got, Parameter parameter) =>
        new($"{_name} wants a {parameter.TypeName} as its argument '{parameter.Name}', not a {got}.", parameter.Name);

    private static nint Find(string name, string overload)
    {
        nint found;
        fixed (byte* n = Encoding.UTF8.GetBytes(name + '\0'), o = Encoding.UTF8.GetBytes(overload + '\0'))
            Native.Check(Native.shim_operator_find(n, o, &found));
        return found;
    }

    private static Parameter[] Parse(string arguments) =>
    [
        .. arguments.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            string[] f = line.Split('\t');
            string type = f[1].TrimEnd('?');
            return new Parameter(f[0], f[1], Declared(type), f[1].EndsWith('?'), int.Parse(f[2], CultureInfo.InvariantCulture), f[3] == "1");
        }),
    ];

    private static DeclaredType Declared(string type) => type switch
    {
        "Tensor" => DeclaredType.Tensor,
        "Scalar" => DeclaredType.Scalar,
        "int" => DeclaredType.Integer,
        "float" => DeclaredType.Real,
        "bool" => DeclaredType.Boolean,
        "str" => DeclaredType.Text,
        "int[]" => DeclaredType.IntegerList,
        "float[]" => DeclaredType.RealList,
        "bool[]" => DeclaredType.BooleanList,
        "Tensor[]" => DeclaredType.TensorList,
        "Tensor?[]" => DeclaredType.OptionalTensorList,
        _ => DeclaredType.Other,
    };
}
