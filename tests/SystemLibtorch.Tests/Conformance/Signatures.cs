using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SystemLibtorch.Tests;

/// <summary>The public and protected members of an assembly, one line each, as the baseline writes them.</summary>
internal static class Signatures
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float",
        [typeof(double)] = "double", [typeof(char)] = "char", [typeof(string)] = "string", [typeof(object)] = "object", [typeof(nint)] = "nint",
    };

    internal static IEnumerable<(string Owner, string Name, string Line)> Of(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(Visible))
        {
            foreach (var member in type.GetMembers(Declared))
            {
                if (Line(member) is { } line)
                    yield return (TypeName(type), member.Name, line);
            }
        }
    }

    internal static bool Visible(Type type) =>
        type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && Visible(type.DeclaringType!) : type.IsPublic;

    private static bool Visible(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static string? Line(MemberInfo member)
    {
        string owner = TypeName(member.DeclaringType!);
        switch (member)
        {
            case FieldInfo field when field.DeclaringType!.IsEnum:
                return field.IsStatic ? $"{owner}.{field.Name}" : null;
            case FieldInfo field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly:
                string kind = field.IsLiteral ? "const " : field.IsStatic ? "static " : "";
                return $"{kind}{(field.IsStatic && field.IsInitOnly ? "readonly " : "")}{Rendered(field.FieldType, field)} {owner}.{Escaped(field.Name)}";
            case PropertyInfo property when Visible(property.GetMethod) || Visible(property.SetMethod):
                bool set = Visible(property.SetMethod);
                string modifier = property.GetMethod!.IsStatic ? "static " : "";
                string indices = string.Join(", ", property.GetIndexParameters().Select(Parameter));
                string name = indices.Length > 0 ? $"this[{indices}]" : Escaped(property.Name);
                return $"{modifier}{Rendered(property.PropertyType, property)} {owner}.{name} {{ {(Visible(property.GetMethod) ? "get; " : "")}{(set ? "set; " : "")}}}";
            case ConstructorInfo constructor when Visible(constructor) && !constructor.IsStatic:
                return $"{owner}.{Plain(constructor.DeclaringType!)}({Parameters(constructor)})";
            case MethodInfo { Name: "Finalize" }:
                return $"{owner}.~{Plain(member.DeclaringType!)}()";
            case MethodInfo method when Visible(method) && !method.Name.StartsWith("get_", StringComparison.Ordinal) && !method.Name.StartsWith("set_", StringComparison.Ordinal) && method.DeclaringType!.BaseType != typeof(MulticastDelegate):
                return MethodLine(method, owner);
            case MethodInfo { IsSpecialName: false } method when Visible(method) && method.DeclaringType!.BaseType != typeof(MulticastDelegate):
                return MethodLine(method, owner);
            default:
                return null;
        }
    }

    private static string MethodLine(MethodInfo method, string owner)
    {
        string modifier = method.IsStatic ? "static " : "";
        string generics = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        string extension = method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "";
        string parameters = $"({extension}{Parameters(method)}){Constraints(method)}";
        string result = Rendered(method.ReturnType, method.ReturnParameter);
        return method.Name switch
        {
            "op_Implicit" => $"{modifier}{owner}.implicit operator {result}{parameters}",
            "op_Explicit" => $"{modifier}{owner}.explicit operator {result}{parameters}",
            _ when Operators.TryGetValue(method.Name, out string? symbol) => $"{modifier}{result} {owner}.operator {symbol}{parameters}",
            _ => $"{modifier}{result} {owner}.{Escaped(method.Name)}{generics}{parameters}",
        };
    }

    private static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Addition"] = "+", ["op_Subtraction"] = "-", ["op_Multiply"] = "*", ["op_Division"] = "/", ["op_Modulus"] = "%",
        ["op_UnaryNegation"] = "-", ["op_OnesComplement"] = "~", ["op_BitwiseAnd"] = "&", ["op_BitwiseOr"] = "|", ["op_ExclusiveOr"] = "^",
        ["op_Equality"] = "==", ["op_Inequality"] = "!=", ["op_LessThan"] = "<", ["op_LessThanOrEqual"] = "<=",
        ["op_GreaterThan"] = ">", ["op_GreaterThanOrEqual"] = ">=",
    };

    private static string Constraints(MethodInfo method)
    {
        if (!method.IsGenericMethod)
            return "";
        var clauses = method.GetGenericArguments().Select(a =>
        {
            var parts = new List<string>();
            bool unmanaged = a.CustomAttributes.Any(c => c.AttributeType.Name == "IsUnmanagedAttribute");
            if (unmanaged)
                parts.Add("unmanaged");
            else if ((a.GenericParameterAttributes & GenericParameterAttributes.NotNullableValueTypeConstraint) != 0)
                parts.Add("struct");
            parts.AddRange(a.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(c => Named(c)));
            if (parts is not (["struct", ..] or ["unmanaged", ..]) && (a.GenericParameterAttributes & GenericParameterAttributes.DefaultConstructorConstraint) != 0)
                parts.Add("new()");
            return parts.Count == 0 ? "" : $" where {a.Name} : {string.Join(", ", parts)}";
        });
        return string.Concat(clauses);
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "";
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        string text = $"{prefix}{Rendered(type, parameter)} {Escaped(parameter.Name!)}";
        return parameter.HasDefaultValue ? $"{text} = {Default(parameter, type)}" : text;
    }

    private static string Default(ParameterInfo parameter, Type type)
    {
        object? value = parameter.RawDefaultValue;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null when type.IsValueType && Nullable.GetUnderlyingType(type) is null => $"default({Named(type)})",
            null => "null",
            bool b => b ? "true" : "false",
            string s => $"\"{s}\"",
            char c => $"'{c}'",
            _ when plain.IsEnum => $"{Named(plain)}.{Enum.GetName(plain, value)}",
            float f => ((float)f).ToString(CultureInfo.InvariantCulture),
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    private static string Rendered(Type type, ICustomAttributeProvider provider)
    {
        var names = provider.GetCustomAttributes(typeof(TupleElementNamesAttribute), false).OfType<TupleElementNamesAttribute>().FirstOrDefault()?.TransformNames;
        var queue = new Queue<string?>(names ?? []);
        return Named(type, names is null ? null : queue);
    }

    private static string Named(Type type, Queue<string?>? names = null)
    {
        if (Keywords.TryGetValue(type, out string? keyword))
            return keyword;
        if (type.IsArray)
            return $"{Named(type.GetElementType()!, names)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return Named(inner, names) + "?";
        if (type.IsGenericParameter)
            return type.Name;
        if (type.Namespace == "System" && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
        {
            var own = type.GetGenericArguments().Select(_ => names is { Count: > 0 } ? names.Dequeue() : null).ToArray();
            return $"({string.Join(", ", type.GetGenericArguments().Select((a, i) => Named(a, names) + (own[i] is null ? "" : " " + own[i])))})";
        }
        return TypeName(type, names);
    }

    private static string TypeName(Type type, Queue<string?>? names = null)
    {
        string prefix = type.IsNested && !type.IsGenericParameter ? TypeName(type.DeclaringType!) + "." : "";
        var arguments = type.GetGenericArguments();
        int inherited = type.IsNested ? type.DeclaringType!.GetGenericArguments().Length : 0;
        string own = arguments.Length > inherited ? $"<{string.Join(", ", arguments.Skip(inherited).Select(a => Named(a, names)))}>" : "";
        return prefix + Plain(type) + own;
    }

    private static string Plain(Type type) => type.Name.Split('`')[0];

    private static string Escaped(string name) =>
        name is "bool" or "byte" or "char" or "double" or "float" or "int" or "long" or "short" or "base" or "out" or "object" or "params" ? "@" + name : name;
}
