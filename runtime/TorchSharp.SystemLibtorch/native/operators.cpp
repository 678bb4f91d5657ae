// Operators of the dispatcher: found by name, described, called with boxed arguments or directly.
#include "shim.h"

#if __has_include(<torch/version.h>)
#include <torch/version.h>
#else
#include <torch/csrc/api/include/torch/version.h>
#endif

#include <memory>
#include <sstream>
#include <vector>

namespace shim {

thread_local std::string last_message;
thread_local int64_t last_managed_exception;

void remember(const std::string& message) {
    try {
        last_message = message;
    } catch (...) {
        last_message.clear();
    }
}

void remember(int64_t managed_exception) {
    last_managed_exception = managed_exception;
}

// Operators of tensors and numbers alone, most of the small ones, are called without boxing their arguments.
enum class Shape { Other, Unary, Binary, BinaryScalar, Scalar, ScalarScalar };

// An operator of the dispatcher, with the values of the arguments that a caller leaves out.
struct Operator {
    c10::OperatorHandle handle;
    std::vector<c10::IValue> defaults;
    std::string signature;
    Shape shape = Shape::Other;
};

std::string type_name(const c10::TypePtr& type) {
    switch (type->kind()) {
        case c10::TypeKind::OptionalType:
            return type_name(type->containedTypes().at(0)) + "?";
        case c10::TypeKind::ListType:
            return type_name(type->containedTypes().at(0)) + "[]";
        case c10::TypeKind::TensorType: return "Tensor";
        case c10::TypeKind::IntType: return "int";
        case c10::TypeKind::FloatType: return "float";
        case c10::TypeKind::BoolType: return "bool";
        case c10::TypeKind::NumberType: return "Scalar";
        case c10::TypeKind::StringType: return "str";
        case c10::TypeKind::DeviceObjType: return "Device";
        case c10::TypeKind::GeneratorType: return "Generator";
        default: return type->str() == "SymInt" ? "int" : type->str();
    }
}

// One line an argument: name, type, length of a fixed-size list (0 otherwise), 1 where it can be left out.
std::string describe(const c10::FunctionSchema& schema) {
    std::ostringstream out;
    for (const auto& a : schema.arguments()) {
        out << a.name() << '\t' << type_name(a.type()) << '\t' << (a.N() ? *a.N() : 0) << '\t'
            << (a.default_value() || a.type()->kind() == c10::TypeKind::OptionalType ? 1 : 0) << '\n';
    }
    return out.str();
}

c10::IValue to_ivalue(const Value& v, const c10::IValue& default_value) {
    switch (v.kind) {
        case Default: return default_value;
        case None: return {};
        case TensorValue: return tensor(v.pointer);
        case Integer: return v.integer;
        case Real: return v.real;
        case Boolean: return v.integer != 0;
        case IntegerList: return at::IntArrayRef(static_cast<int64_t*>(v.pointer), v.length);
        case RealList: return at::ArrayRef<double>(static_cast<double*>(v.pointer), v.length);
        case BooleanList: {
            c10::List<bool> list;
            for (int64_t i = 0; i < v.length; ++i) list.push_back(static_cast<int64_t*>(v.pointer)[i] != 0);
            return list;
        }
        case TensorList: {
            c10::List<at::Tensor> list;
            list.reserve(v.length);
            for (int64_t i = 0; i < v.length; ++i) list.push_back(tensor(static_cast<void**>(v.pointer)[i]));
            return list;
        }
        case OptionalTensorList: {
            c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
            list.reserve(v.length);
            for (int64_t i = 0; i < v.length; ++i) {
                void* element = static_cast<void**>(v.pointer)[i];
                list.push_back(element ? c10::IValue(tensor(element)) : c10::IValue());
            }
            return list;
        }
        case Text: return std::string(static_cast<char*>(v.pointer), v.length);
        case Device:
            return c10::Device(static_cast<c10::DeviceType>(v.integer), static_cast<c10::DeviceIndex>(v.length));
        case GeneratorValue: return *static_cast<at::Generator*>(v.pointer);
        default: throw std::runtime_error("the shim got an argument of a kind that it does not know");
    }
}

// Bytes that this tensor alone keeps alive: what the garbage collector should know about. Views count as nothing.
int64_t owned_bytes(const at::Tensor& t) {
    if (!t.defined() || !t.has_storage()) return 0;
    const auto& storage = t.unsafeGetTensorImpl()->storage();
    return storage.use_count() == 1 ? static_cast<int64_t>(storage.nbytes()) : 0;
}

void hand_out(at::Tensor&& t, Value& out) {
    out.kind = TensorValue;
    out.length = owned_bytes(t);
    out.pointer = hand_out(std::move(t));
}

void to_value(c10::IValue&& result, Value& out) {
    out.length = 0;
    if (result.isTensor()) {
        hand_out(std::move(result).toTensor(), out);
    } else if (result.isTensorList()) {
        auto list = result.toTensorVector();
        auto** handles = new void*[list.size() + 1];
        for (size_t i = 0; i < list.size(); ++i) handles[i] = hand_out(std::move(list[i]));
        out.kind = TensorList;
        out.length = static_cast<int64_t>(list.size());
        out.pointer = handles;
    } else if (result.isInt()) {
        out.kind = Integer;
        out.integer = result.toInt();
    } else if (result.isDouble()) {
        out.kind = Real;
        out.real = result.toDouble();
    } else if (result.isBool()) {
        out.kind = Boolean;
        out.integer = result.toBool() ? 1 : 0;
    } else if (result.isNone()) {
        out.kind = None;
        out.pointer = nullptr;
    } else {
        throw std::runtime_error("the operator returned a " + result.tagKind() + ", which the shim does not hand out");
    }
}

thread_local c10::Stack spare_stack;

using T = at::Tensor;
using N = at::Scalar;
using UnaryCall = T(const T&);
using BinaryCall = T(const T&, const T&);
using BinaryScalarCall = T(const T&, const T&, const N&);
using ScalarCall = T(const T&, const N&);
using ScalarScalarCall = T(const T&, const N&, const N&);

// The shape of an operator that has one of the signatures above; Other where it has not, also where its kernels were
// registered with other C++ types than its schema suggests.
Shape shape_of(const c10::OperatorHandle& handle) {
    const auto& schema = handle.schema();
    if (schema.returns().size() != 1 || type_name(schema.returns()[0].type()) != "Tensor") return Shape::Other;
    std::string types;
    for (const auto& a : schema.arguments()) {
        if (a.alias_info() && a.alias_info()->isWrite()) return Shape::Other;
        types += type_name(a.type()) + ' ';
    }
    try {
        if (types == "Tensor ") return handle.typed<UnaryCall>(), Shape::Unary;
        if (types == "Tensor Tensor ") return handle.typed<BinaryCall>(), Shape::Binary;
        if (types == "Tensor Tensor Scalar ") return handle.typed<BinaryScalarCall>(), Shape::BinaryScalar;
        if (types == "Tensor Scalar ") return handle.typed<ScalarCall>(), Shape::Scalar;
        if (types == "Tensor Scalar Scalar ") return handle.typed<ScalarScalarCall>(), Shape::ScalarScalar;
    } catch (const std::exception&) {
    }
    return Shape::Other;
}

bool is_number(const Value& v) {
    return v.kind == Real || v.kind == Integer || v.kind == Boolean || v.kind == Default;
}

N number(const Value& v, const c10::IValue& default_value) {
    switch (v.kind) {
        case Real: return v.real;
        case Integer: return v.integer;
        case Boolean: return v.integer != 0;
        default: return default_value.toScalar();
    }
}

// Calls the operator without boxing, where its shape and the values allow it.
bool call_directly(const Operator& o, const Value* a, at::Tensor& result) {
    if (o.shape == Shape::Other || a[0].kind != TensorValue) return false;
    const T& self = tensor(a[0].pointer);
    switch (o.shape) {
        case Shape::Unary:
            result = o.handle.typed<UnaryCall>().call(self);
            return true;
        case Shape::Binary:
            if (a[1].kind != TensorValue) return false;
            result = o.handle.typed<BinaryCall>().call(self, tensor(a[1].pointer));
            return true;
        case Shape::BinaryScalar:
            if (a[1].kind != TensorValue || !is_number(a[2])) return false;
            result = o.handle.typed<BinaryScalarCall>().call(self, tensor(a[1].pointer), number(a[2], o.defaults[2]));
            return true;
        case Shape::Scalar:
            if (!is_number(a[1])) return false;
            result = o.handle.typed<ScalarCall>().call(self, number(a[1], o.defaults[1]));
            return true;
        case Shape::ScalarScalar:
            if (!is_number(a[1]) || !is_number(a[2])) return false;
            result = o.handle.typed<ScalarScalarCall>().call(
                self, number(a[1], o.defaults[1]), number(a[2], o.defaults[2]));
            return true;
        default:
            return false;
    }
}

}  // namespace shim

using namespace shim;

SHIM_EXPORT const char* shim_last_message() { return last_message.c_str(); }
SHIM_EXPORT int64_t shim_last_managed_exception() { return last_managed_exception; }
SHIM_EXPORT const char* shim_version() { return TORCH_VERSION; }

SHIM_EXPORT int32_t shim_operator_find(const char* name, const char* overload, void** found) {
    return guard([&] {
        auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
        if (!handle) {
            *found = nullptr;
            return;
        }
        auto op = std::make_unique<Operator>(Operator{*handle, {}, {}, Shape::Other});
        const auto& schema = op->handle.schema();
        for (const auto& a : schema.arguments()) {
            op->defaults.push_back(a.default_value() ? *a.default_value() : c10::IValue());
        }
        op->signature = describe(schema);
        op->shape = shape_of(op->handle);
        *found = op.release();
    });
}

SHIM_EXPORT const char* shim_operator_arguments(void* op) { return static_cast<Operator*>(op)->signature.c_str(); }

// Calls an operator with one value for each argument of its schema. Writes at most `capacity` results; the others are dropped.
SHIM_EXPORT int32_t shim_operator_call(void* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
    return guard([&] {
        auto* o = static_cast<Operator*>(op);
        at::Tensor direct;
        if (call_directly(*o, arguments, direct)) {
            if (capacity > 0) hand_out(std::move(direct), results[0]);
            return;
        }
        c10::Stack stack(std::move(spare_stack));
        stack.clear();
        for (int32_t i = 0; i < count; ++i) stack.emplace_back(to_ivalue(arguments[i], o->defaults[i]));
        o->handle.callBoxed(stack);
        const auto got = static_cast<int32_t>(stack.size());
        for (int32_t i = 0; i < capacity; ++i) {
            if (i < got) {
                to_value(std::move(stack[i]), results[i]);
            } else {
                results[i].kind = None;
                results[i].pointer = nullptr;
            }
        }
        stack.clear();
        spare_stack = std::move(stack);
    });
}

SHIM_EXPORT void shim_free_handles(void* handles) { delete[] static_cast<void**>(handles); }
