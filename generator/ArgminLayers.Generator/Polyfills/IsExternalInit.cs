namespace System.Runtime.CompilerServices;

/// <summary>What init-only properties and records need, and netstandard2.0 lacks.</summary>
internal static class IsExternalInit;
