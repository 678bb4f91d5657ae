namespace TorchSharp.Utils;

/// <summary>The name under which a field's module, parameter or buffer is registered; the field's own name without it.</summary>
public class ComponentNameAttribute : Attribute
{
    public string Name { get; set; } = "";
}
