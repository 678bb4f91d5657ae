// Modes, threads, devices and generators.
#include "shim.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Generator.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <dlfcn.h>

#include <mutex>
#include <string>

using namespace shim;

SHIM_EXPORT int32_t shim_grad_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }
SHIM_EXPORT void shim_set_grad_enabled(int32_t value) { c10::GradMode::set_enabled(value != 0); }
SHIM_EXPORT int32_t shim_inference_enabled() { return c10::InferenceMode::is_enabled() ? 1 : 0; }

SHIM_EXPORT int32_t shim_inference_enter(int32_t value, void** mode) {
    return guard([&] { *mode = new c10::InferenceMode(value != 0); });
}

SHIM_EXPORT void shim_inference_leave(void* mode) { delete static_cast<c10::InferenceMode*>(mode); }

SHIM_EXPORT int32_t shim_num_threads() { return at::get_num_threads(); }
SHIM_EXPORT int32_t shim_num_interop_threads() { return at::get_num_interop_threads(); }

SHIM_EXPORT int32_t shim_set_num_threads(int32_t value) {
    return guard([&] { at::set_num_threads(value); });
}

SHIM_EXPORT int32_t shim_set_num_interop_threads(int32_t value) {
    return guard([&] { at::set_num_interop_threads(value); });
}

SHIM_EXPORT int32_t shim_default_dtype() { return static_cast<int32_t>(c10::get_default_dtype_as_scalartype()); }

SHIM_EXPORT int32_t shim_set_default_dtype(int32_t value) {
    return guard([&] {
        c10::set_default_dtype(caffe2::TypeMeta::fromScalarType(static_cast<c10::ScalarType>(value)));
    });
}

// Loads the CUDA half of this libtorch, where it has one, so that its kernels register themselves.
SHIM_EXPORT int32_t shim_load_cuda() {
    return guard([] {
        static std::once_flag once;
        std::call_once(once, [] {
            Dl_info info;
            // A function that libtorch_cpu.so exports; an inline one would be found in this library.
            if (!dladdr(reinterpret_cast<void*>(&at::get_num_threads), &info) || !info.dli_fname) return;
            std::string path(info.dli_fname);
            path = path.substr(0, path.rfind('/') + 1) + "libtorch_cuda.so";
            dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
        });
    });
}

SHIM_EXPORT int32_t shim_cuda_devices() {
    int32_t count = 0;
    guard([&] {
        if (!c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)) return;
        count = c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount();
    });
    return count;
}

SHIM_EXPORT int32_t shim_cuda_synchronize(int32_t index) {
    return guard([&] {
        c10::impl::VirtualGuardImpl cuda(c10::DeviceType::CUDA);
        const auto device =
            index < 0 ? cuda.getDevice() : c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(index));
        cuda.getStream(device).synchronize();
    });
}

SHIM_EXPORT int32_t shim_manual_seed(int64_t seed) {
    return guard([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

SHIM_EXPORT int32_t shim_generator_default(void** generator) {
    return guard([&] { *generator = new at::Generator(at::detail::getDefaultCPUGenerator()); });
}

SHIM_EXPORT int32_t shim_generator_new(int64_t seed, int32_t device_type, int32_t device_index, void** generator) {
    return guard([&] {
        if (static_cast<c10::DeviceType>(device_type) == c10::DeviceType::CPU) {
            *generator = new at::Generator(at::detail::createCPUGenerator(static_cast<uint64_t>(seed)));
            return;
        }
        const c10::Device device(
            static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
        auto copy = at::globalContext().defaultGenerator(device).clone();
        copy.set_current_seed(static_cast<uint64_t>(seed));
        *generator = new at::Generator(std::move(copy));
    });
}

SHIM_EXPORT void shim_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }

SHIM_EXPORT int32_t shim_generator_set_seed(void* generator, int64_t seed) {
    return guard([&] {
        auto& g = *static_cast<at::Generator*>(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_current_seed(static_cast<uint64_t>(seed));
    });
}

SHIM_EXPORT int32_t shim_generator_seed(void* generator, int64_t* seed) {
    return guard([&] { *seed = static_cast<int64_t>(static_cast<at::Generator*>(generator)->current_seed()); });
}

SHIM_EXPORT int32_t shim_generator_state(void* generator, void** state) {
    return guard([&] { *state = hand_out(static_cast<at::Generator*>(generator)->get_state()); });
}

SHIM_EXPORT int32_t shim_generator_set_state(void* generator, void* state) {
    return guard([&] { static_cast<at::Generator*>(generator)->set_state(tensor(state)); });
}
