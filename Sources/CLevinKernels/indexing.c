/// Taking elements at offsets and putting them there; and sorting.
#include <string.h>

#include "kernels.h"

enum { smallArray = 1 << 14, unit = 1 << 10 };

// MARK: Take and put

typedef struct {
  size_t size;
  const char *source;
  const int64_t *offsets;
  char *out;
} Places;

#define TAKE(T)                                                                             \
  for (ptrdiff_t i = begin; i < end; i++)                                                   \
    ((T *)p->out)[i] = ((const T *)p->source)[p->offsets[i]];                               \
  break

static void take_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Places *p = context;
  switch (p->size) {
    case 1: TAKE(uint8_t);
    case 2: TAKE(uint16_t);
    case 4: TAKE(uint32_t);
    case 8: TAKE(uint64_t);
  }
}

void levin_take(
  ptrdiff_t count, LevinType type, const void *source, const int64_t *offsets, void *out) {
  Places places = {levin_size_of(type), source, offsets, out};
  levin_parallel_for(count, count < smallArray ? count : unit, &places, take_part);
}

void levin_put(
  ptrdiff_t count, LevinType type, const void *source, const int64_t *offsets, void *out) {
  size_t size = levin_size_of(type);
  for (ptrdiff_t i = 0; i < count; i++)
    memcpy((char *)out + offsets[i] * (ptrdiff_t)size, (const char *)source + i * (ptrdiff_t)size, size);
}

#define ADD(T)                                                                          \
  for (ptrdiff_t i = 0; i < count; i++) ((T *)out)[offsets[i]] += ((const T *)source)[i]; \
  break

void levin_put_sum(
  ptrdiff_t count, LevinType type, const void *source, const int64_t *offsets, void *out) {
  switch (type) {
    case LevinTypeFloat32: ADD(float);
    case LevinTypeFloat64: ADD(double);
    case LevinTypeInt32: ADD(uint32_t);
    case LevinTypeInt64: ADD(uint64_t);
    case LevinTypeUInt8: ADD(uint8_t);
    case LevinTypeBool:
      for (ptrdiff_t i = 0; i < count; i++)
        ((uint8_t *)out)[offsets[i]] |= ((const uint8_t *)source)[i];
      break;
    case LevinTypeFloat16:
    case LevinTypeBFloat16: {
      const LevinKernels *kernels = levin_kernels();
      for (ptrdiff_t i = 0; i < count; i++) {
        float a, b;
        char *to = (char *)out + offsets[i] * 2;
        kernels->convert(1, to, type, &a, LevinTypeFloat32);
        kernels->convert(1, (const char *)source + i * 2, type, &b, LevinTypeFloat32);
        a += b;
        kernels->convert(1, &a, LevinTypeFloat32, to, type);
      }
      break;
    }
  }
}

// MARK: Sorting

/// A key that is ordered as an unsigned integer, and the original index of its element.
typedef struct {
  uint64_t key;
  int64_t index;
} Item;

static inline uint32_t key_of_float(float x) {
  uint32_t bits;
  if (x == 0) x = 0;
  memcpy(&bits, &x, 4);
  return x != x ? UINT32_MAX : bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

/// Keys of floats: NaN is above everything, -0 and 0 are equal. Bits that a type does not have are zero, or one.
static inline __attribute__((always_inline)) uint64_t key_of(LevinType type, const void *values, ptrdiff_t i, bool isDescending) {
  uint64_t key = 0;
  switch (type) {
    case LevinTypeFloat32: key = key_of_float(((const float *)values)[i]); break;
    case LevinTypeFloat64: {
      double x = ((const double *)values)[i];
      if (x == 0) x = 0;
      memcpy(&key, &x, 8);
      key = x != x ? UINT64_MAX : key >> 63 ? ~key : key | (uint64_t)1 << 63;
      break;
    }
    case LevinTypeInt32: key = (uint32_t)((const int32_t *)values)[i] ^ 0x80000000u; break;
    case LevinTypeInt64: key = (uint64_t)((const int64_t *)values)[i] ^ (uint64_t)1 << 63; break;
    case LevinTypeUInt8:
    case LevinTypeBool: key = ((const uint8_t *)values)[i]; break;
    case LevinTypeFloat16:
    case LevinTypeBFloat16: {
      float x;
      levin_convert(1, (const char *)values + 2 * i, type, &x, LevinTypeFloat32);
      key = key_of_float(x);
      break;
    }
  }
  return isDescending ? ~key : key;
}

/// Items of values begin..<end, in this order.
static void make_items(
  LevinType type, const void *values, ptrdiff_t count, bool isDescending, Item *items) {
  if (type != LevinTypeFloat32) {
    for (ptrdiff_t i = 0; i < count; i++)
      items[i] = (Item){key_of(type, values, i, isDescending), i};
    return;
  }
  // The most common type, without a test for each element.
  for (ptrdiff_t i = 0; i < count; i++)
    items[i] = (Item){key_of(LevinTypeFloat32, values, i, isDescending), i};
}

/// Stable, by insertion: for a few items, or a nearly sorted run.
static void insert_items(Item *items, ptrdiff_t count) {
  for (ptrdiff_t i = 1; i < count; i++) {
    Item item = items[i];
    ptrdiff_t j = i;
    for (; j > 0 && items[j - 1].key > item.key; j--) items[j] = items[j - 1];
    items[j] = item;
  }
}

/// Stable: merges sorted runs of `run` items in pairs. Returns the location of the sorted items.
static Item *merge_runs(Item *items, Item *other, ptrdiff_t count, ptrdiff_t run) {
  for (; run < count; run *= 2) {
    for (ptrdiff_t begin = 0; begin < count; begin += 2 * run) {
      ptrdiff_t middle = at_most(begin + run, count), end = at_most(begin + 2 * run, count);
      ptrdiff_t a = begin, b = middle;
      for (ptrdiff_t i = begin; i < end; i++) {
        bool takesSecond = a == middle || (b < end && items[b].key < items[a].key);
        other[i] = items[takesSecond ? b : a];
        b += takesSecond;
        a += !takesSecond;
      }
    }
    Item *swapped = items;
    items = other;
    other = swapped;
  }
  return items;
}

/// Stable, by digits of the key from the lowest on; digits that all keys share cost nothing. All digits are counted
/// in one pass. Returns the half of the memory that has the sorted items.
static Item *sort_items(Item *items, Item *other, ptrdiff_t count) {
  enum { shortRun = 16, merged = 1 << 10, bits = 8, digits = 64 / bits, places = 1 << bits };
  if (count <= merged) {
    for (ptrdiff_t i = 0; i < count; i += shortRun)
      insert_items(items + i, at_most(count - i, shortRun));
    return merge_runs(items, other, count, shortRun);
  }
  uint32_t counts[digits][places];
  memset(counts, 0, sizeof(counts));
  for (ptrdiff_t i = 0; i < count; i++)
    for (int d = 0; d < digits; d++) counts[d][items[i].key >> (d * bits) & (places - 1)]++;
  for (int d = 0; d < digits; d++) {
    int shift = d * bits;
    if (counts[d][items[0].key >> shift & (places - 1)] == count) continue;
    Item *next[places];
    Item *place = other;
    for (int b = 0; b < places; b++) {
      next[b] = place;
      place += counts[d][b];
    }
    for (ptrdiff_t i = 0; i < count; i++) *next[items[i].key >> shift & (places - 1)]++ = items[i];
    Item *swapped = items;
    items = other;
    other = swapped;
  }
  return items;
}

/// The `wanted` smallest of many values, sorted: values below the largest of the smallest so far are collected, and
/// sorted whenever there are twice as many as wanted. `items` and `other` have room for them.
static Item *least_items(
  LevinType type, const void *values, ptrdiff_t count, bool isDescending, ptrdiff_t wanted, Item *items,
  Item *other) {
  ptrdiff_t found = 0;
  uint64_t limit = UINT64_MAX;
  bool isFull = false;
  for (ptrdiff_t i = 0; i < count; i++) {
    uint64_t key = type == LevinTypeFloat32 ? key_of(LevinTypeFloat32, values, i, isDescending)
                                            : key_of(type, values, i, isDescending);
    if (key >= limit && isFull) continue;
    items[found++] = (Item){key, i};
    if (found < 2 * wanted) continue;
    Item *sorted = sort_items(items, other, found);
    if (sorted != items) memcpy(items, sorted, (size_t)wanted * sizeof(Item));
    found = wanted;
    limit = items[wanted - 1].key;
    isFull = true;
  }
  return sort_items(items, other, found);
}

typedef struct {
  LevinType type;
  ptrdiff_t size, wanted;
  const char *values;
  bool isDescending;
  int64_t *indices;
  _Atomic bool *lacksMemory;
} Sort;

static void sort_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  const Sort *s = context;
  size_t bytes = (size_t)(2 * s->size) * sizeof(Item);
  Item *room = levin_take_memory(bytes);
  if (!room) {
    *s->lacksMemory = true;
    return;
  }
  for (ptrdiff_t row = begin; row < end; row++) {
    const char *values = s->values + row * s->size * (ptrdiff_t)levin_size_of(s->type);
    Item *sorted;
    if (s->wanted > 0 && s->wanted <= s->size / 8) {
      sorted = least_items(
        s->type, values, s->size, s->isDescending, s->wanted, room, room + s->size);
    } else {
      make_items(s->type, values, s->size, s->isDescending, room);
      sorted = sort_items(room, room + s->size, s->size);
    }
    for (ptrdiff_t i = 0; i < s->wanted; i++) s->indices[row * s->wanted + i] = sorted[i].index;
  }
  levin_give_memory_back(room, bytes);
}

bool levin_argsort(
  ptrdiff_t rows, ptrdiff_t size, ptrdiff_t wanted, LevinType type, const void *values,
  bool isDescending, int64_t *indices) {
  _Atomic bool lacksMemory = false;
  Sort sort = {type, size, wanted, values, isDescending, indices, &lacksMemory};
  if (size > 0) levin_parallel_for(rows, rows * size < smallArray ? rows : 1, &sort, sort_part);
  return !lacksMemory;
}

// MARK: Bounds

void levin_index_bounds(ptrdiff_t count, const int64_t *indices, int64_t *least, int64_t *most) {
  int64_t low = INT64_MAX, high = INT64_MIN;
  for (ptrdiff_t i = 0; i < count; i++) {
    low = indices[i] < low ? indices[i] : low;
    high = indices[i] > high ? indices[i] : high;
  }
  *least = low;
  *most = high;
}
