#ifndef LEVIN_RUNTIME_H
#define LEVIN_RUNTIME_H

/// What the kernels and everything that handles bytes stand on: the machine's instruction set, the
/// scheduler that owns the threads, pooled memory, the state of a thread, checksums.
///
/// Every function may be called from any thread.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// MARK: Machine

/// Instruction sets that kernels are written for. `Plain` is C without intrinsics, on every machine.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinISAPlain = 0,
  LevinISAAvx2 = 1,
  LevinISAAvx512 = 2,
} LevinISA;

/// The instruction set in use: the one that the environment variable LEVIN_ISA names (plain, avx2
/// or avx512) where the machine has it, else the best that the machine has.
LevinISA levin_isa(void);

/// Whether this machine can run `isa`.
bool levin_isa_available(LevinISA isa);

/// Uses `isa` from now on, in the whole process. Returns false, and changes nothing, where the
/// machine lacks it. Not to be called while a kernel runs.
bool levin_set_isa(LevinISA isa);

/// "plain", "avx2" or "avx512"; a constant.
const char *levin_isa_name(LevinISA isa);

/// The number of threads that share large calls: LEVIN_THREADS where set to 1 or more, else the
/// number of processors that this process may run on. At least 1, which is the caller itself.
int levin_thread_count(void);

/// Uses `count` threads (clamped to 1…64) from now on. Threads start when first needed. Waits for a
/// running call to end.
void levin_set_thread_count(int count);

/// Calls `body(context, begin, end)` for disjoint ranges that cover 0..<count and returns when all
/// calls have returned. Ranges are cut at multiples of `grain` (1 or more). Each thread has a share
/// of its own, of equal length up to rounding, the caller's first: with the same count and grain, the
/// same thread begins with the same rows each time, and finds them in its own cache. It takes its
/// share in pieces, the first half of what is left each time; a thread that is done takes from the
/// end of the others' shares. Where count <= grain, or the scheduler is busy, or inside another
/// `body`, there is one range, run by the caller.
void levin_parallel_for(
  ptrdiff_t count, ptrdiff_t grain, void *_Nullable context,
  void (*body)(void *_Nullable context, ptrdiff_t begin, ptrdiff_t end));

// MARK: Memory

/// Memory for `bytes` bytes, aligned to 64: a block that was given back, or a new one; null where
/// the system has none. Its bytes are anything.
void *_Nullable levin_take_memory(size_t bytes);

/// Gives memory back that was taken for `bytes` bytes. Up to 1 GiB of blocks of up to 64 MiB is kept
/// for later; the rest goes to the system. Any thread may call.
void levin_give_memory_back(void *memory, size_t bytes);

/// Bytes taken and not given back at the moment, and the most that it ever was.
typedef struct {
  ptrdiff_t bytes;
  ptrdiff_t peak;
} LevinMemoryUse;

LevinMemoryUse levin_memory_use(void);

/// Lets the peak begin anew at what is taken at the moment.
void levin_reset_peak_memory_use(void);

/// Asks the system for pages of 2 MiB under the whole ones of `bytes` bytes at `start`. To be called
/// before the memory is first written; changes nothing else, and does nothing where there are none.
void levin_prefer_large_pages(void *start, size_t bytes);

/// Calls `body(context)`, which fills the `bytes` bytes at `start` from first to last, while another
/// thread, if one is free, has the system make the pages that it will come to: no contents change.
void levin_while_populating(void *start, size_t bytes, void *context, void (*body)(void *context));

// MARK: Threads' own state

/// What every operation on tensors asks of its thread. It stands in C because a thread-local
/// variable costs a load; an object behind a key costs a twentieth of an operation.
typedef struct {
  bool isPaused;      ///< Operations are not recorded.
  bool isObserved;    ///< Operations are reported to the thread's observers.
  uint64_t sequence;  ///< Of the operation recorded last.
  void *_Nullable device;  ///< Where new tensors are made; null for the host.
} LevinTape;

extern _Thread_local LevinTape levin_thread_tape;

/// The calling thread's.
static inline LevinTape *levin_tape(void) { return &levin_thread_tape; }

extern uint8_t levin_default_type_number;

/// The number of the dtype of floating-point tensors for which none is named; one for the process.
static inline uint8_t levin_default_type(void) {
  return __atomic_load_n(&levin_default_type_number, __ATOMIC_RELAXED);
}

static inline void levin_set_default_type(uint8_t number) {
  __atomic_store_n(&levin_default_type_number, number, __ATOMIC_RELAXED);
}

// MARK: Checksums

/// CRC-32C (Castagnoli) of `count` bytes, continuing from `crc` (0 at the start).
uint32_t levin_crc32c(uint32_t crc, const void *bytes, size_t count);

#pragma clang assume_nonnull end

#endif
