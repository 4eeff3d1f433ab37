/// Memory under tensors: freed blocks are kept by size and used again, for a training step asks for
/// the same sizes again and again.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "levin_runtime.h"

enum { alignment = 64, sizes = 64, largePage = 2 << 20 };
static const size_t largest = 64u << 20;  // what is kept; greater blocks go back to the system
static const size_t mostKept = 1u << 30;

/// A free block begins with the next free one of its size.
typedef struct Block {
  struct Block *next;
} Block;

static Block *blocks[sizes];  // under the lock, as are `kept` and `use`
static size_t kept;
static LevinMemoryUse use;
static atomic_flag isLocked = ATOMIC_FLAG_INIT;

static void lock(void) {
  // Held for some instructions; who waits longer waits for a holder that lost its processor.
  while (atomic_flag_test_and_set_explicit(&isLocked, memory_order_acquire)) sched_yield();
}
static void unlock(void) { atomic_flag_clear_explicit(&isLocked, memory_order_release); }

/// A child of a fork gets the pool as it is between two uses, whatever other threads were at.
__attribute__((constructor)) static void watch_forks(void) { pthread_atfork(lock, unlock, unlock); }

/// Under the lock.
static inline void count_taken(size_t bytes) {
  use.bytes += (ptrdiff_t)bytes;
  if (use.bytes > use.peak) use.peak = use.bytes;
}

/// Sizes of blocks are powers of two and the middle between them.
static int size_index(size_t bytes, size_t *capacity) {
  size_t least = bytes < alignment ? alignment : bytes;
  int exponent = 64 - __builtin_clzll(least - 1);
  size_t whole = (size_t)1 << exponent, middle = whole / 4 * 3;
  *capacity = least <= middle ? middle : whole;
  return 2 * exponent - (least <= middle);
}

void *levin_take_memory(size_t bytes) {
  size_t capacity = bytes;
  if (bytes <= largest) {
    int index = size_index(bytes, &capacity);
    lock();
    Block *block = blocks[index];
    if (block) {
      blocks[index] = block->next;
      kept -= capacity;
      count_taken(bytes);
    }
    unlock();
    if (block) return block;
  }
  void *fresh = NULL;
  bool isLarge = capacity >= (size_t)2 * largePage;
  if (posix_memalign(&fresh, isLarge ? largePage : alignment, capacity) != 0) return NULL;
  // Whoever walks through it across the rows waits for the page tables otherwise.
  if (isLarge) levin_prefer_large_pages(fresh, capacity);
  lock();
  count_taken(bytes);
  unlock();
  return fresh;
}

void levin_give_memory_back(void *memory, size_t bytes) {
  if (bytes <= largest) {
    size_t capacity;
    int index = size_index(bytes, &capacity);
    lock();
    use.bytes -= (ptrdiff_t)bytes;
    bool hasRoom = kept + capacity <= mostKept;
    if (hasRoom) {
      Block *block = memory;
      block->next = blocks[index];
      blocks[index] = block;
      kept += capacity;
    }
    unlock();
    if (hasRoom) return;
  } else {
    lock();
    use.bytes -= (ptrdiff_t)bytes;
    unlock();
  }
  free(memory);
}

LevinMemoryUse levin_memory_use(void) {
  lock();
  LevinMemoryUse now = use;
  unlock();
  return now;
}

void levin_reset_peak_memory_use(void) {
  lock();
  use.peak = use.bytes;
  unlock();
}
