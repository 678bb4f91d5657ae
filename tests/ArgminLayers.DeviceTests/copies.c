/* Counts the copies from the device to the host and the kernels that a process asks of the CUDA runtime: built by run-cuda.sh, loaded with LD_PRELOAD, read by CopyTests. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

static const int device_to_host = 2;
static atomic_long copies, launches;

typedef struct { unsigned x, y, z; } extent;
typedef int (*copy_function)(void *to, const void *from, size_t bytes, int kind, void *stream);
typedef int (*launch_function)(const void *kernel, extent grid, extent block, void **arguments, size_t shared, void *stream);
typedef int (*configured_launch_function)(const void *configuration, const void *kernel, void **arguments);

int cudaMemcpyAsync(void *to, const void *from, size_t bytes, int kind, void *stream) {
    static copy_function next;
    if (!next) next = (copy_function)dlsym(RTLD_NEXT, "cudaMemcpyAsync");
    if (kind == device_to_host) copies++;
    return next(to, from, bytes, kind, stream);
}

int cudaLaunchKernel(const void *kernel, extent grid, extent block, void **arguments, size_t shared, void *stream) {
    static launch_function next;
    if (!next) next = (launch_function)dlsym(RTLD_NEXT, "cudaLaunchKernel");
    launches++;
    return next(kernel, grid, block, arguments, shared, stream);
}

int cudaLaunchKernelExC(const void *configuration, const void *kernel, void **arguments) {
    static configured_launch_function next;
    if (!next) next = (configured_launch_function)dlsym(RTLD_NEXT, "cudaLaunchKernelExC");
    launches++;
    return next(configuration, kernel, arguments);
}

long copies_to_host(void) { return copies; }

/* Without those of libraries that bring a CUDA runtime of their own, as cuBLAS and cuSOLVER do. */
long kernel_launches(void) { return launches; }
