using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and further modules under names, and a state of training.</summary>
        public partial class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Module> _modules = [];
            private readonly OrderedDictionary<string, Parameter> _parameterTable = [];
            private readonly OrderedDictionary<string, (Tensor Buffer, bool Persistent)> _buffers = [];
            private bool _registered;

            protected string? name;

            protected Module(string name) => this.name = name;

            ~Module() => Dispose(false);

            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (var (buffer, _) in _buffers.Values)
                    buffer.Dispose();
                foreach (var parameter in _parameterTable.Values)
                    parameter.Dispose();
                foreach (var (_, module) in named_children())
                    module.Dispose();
            }

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var module in children())
                    module.apply(fn);
                fn(this);
                return this;
            }

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var module in children())
                    module.train(train);
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                        continue;
                    }
                    using var grad = parameter.grad;
                    if (grad is not null)
                        Interop.Aten.zero_.Update(grad);
                }
            }

            public virtual IEnumerable<(string name, Module module)> named_children() => ListedChildren() ?? _modules.Select(m => (m.Key, m.Value));

            public virtual IEnumerable<Module> children() => named_children().Select(m => m.module);

            /// <summary>The children, then what is in them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children())
                    yield return child;
                foreach (var (prefix, child) in named_children())
                {
                    foreach (var (inner, module) in child.named_modules())
                        yield return ($"{prefix}.{inner}", module);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (key, parameter) in _parameterTable)
                {
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle))
                        yield return (key, parameter);
                }
                if (!recurse)
                    yield break;
                foreach (var (prefix, child) in named_children())
                {
                    foreach (var (inner, parameter) in child.named_parameters())
                    {
                        if (seen.Add(parameter.Handle))
                            yield return ($"{prefix}.{inner}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (key, (buffer, persistent)) in _buffers)
                {
                    if (!buffer.IsInvalid && (persistent || include_nonpersistent) && seen.Add(buffer.Handle))
                        yield return (key, buffer);
                }
                if (!recurse)
                    yield break;
                foreach (var (prefix, child) in named_children())
                {
                    foreach (var (inner, buffer) in child.named_buffers(true, include_nonpersistent))
                    {
                        if (seen.Add(buffer.Handle))
                            yield return ($"{prefix}.{inner}", buffer);
                    }
                }
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            public virtual Parameter? get_parameter(string target) =>
                _parameterTable.TryGetValue(target, out var parameter) ? parameter : InChild(target, (child, rest) => child.get_parameter(rest));

            public virtual Tensor? get_buffer(string target) =>
                _buffers.TryGetValue(target, out var entry) ? entry.Buffer : InChild(target, (child, rest) => child.get_buffer(rest));

            /// <summary>The children of a module that keeps them itself.</summary>
            private protected virtual IEnumerable<(string, Module)>? ListedChildren() => null;

            private T? InChild<T>(string target, Func<Module, string, T?> find) where T : class
            {
                int dot = target.IndexOf('.');
                if (dot < 0)
                    return null;
                var child = named_children().FirstOrDefault(c => c.name == target[..dot]).module;
                return child is null ? null : find(child, target[(dot + 1)..]);
            }
        }
    }
}
