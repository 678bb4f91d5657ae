using System.Collections;
using System.Globalization;

namespace TorchSharp.Modules
{
    /// <summary>Modules in a list, registered under their positions.</summary>
    public class ModuleList<T> : torch.nn.Module, IList<T> where T : torch.nn.Module
    {
        private readonly List<T> _list;

        public ModuleList(params T[] modules) : base(nameof(ModuleList<T>)) => _list = [.. modules];

        public int Count => _list.Count;

        public bool IsReadOnly => false;

        public T this[int index]
        {
            get => _list[index];
            set => _list[index] = value;
        }

        public void append(params T[] parameters) => _list.AddRange(parameters);

        public void extend(IEnumerable<T> modules) => _list.AddRange(modules);

        public void Add(T item) => _list.Add(item);

        public void Insert(int index, T item) => _list.Insert(index, item);

        public bool Remove(T item) => _list.Remove(item);

        public void RemoveAt(int index) => _list.RemoveAt(index);

        public void Clear() => _list.Clear();

        public bool Contains(T item) => _list.Contains(item);

        public int IndexOf(T item) => _list.IndexOf(item);

        public void CopyTo(T[] array, int arrayIndex) => _list.CopyTo(array, arrayIndex);

        public IEnumerator<T> GetEnumerator() => _list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private protected override IEnumerable<(string, torch.nn.Module)> ListedChildren() =>
            _list.Select((m, i) => (i.ToString(CultureInfo.InvariantCulture), (torch.nn.Module)m));
    }
}

namespace TorchSharp
{
    using TorchSharp.Modules;

    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);
        }
    }
}
