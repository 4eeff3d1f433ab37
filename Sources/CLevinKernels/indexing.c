/// Elements taken from, and put at, places that a tensor of indices names; and sorting.
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

/// A key that orders as unsigned integers do, and where its element stood.
typedef struct {
  uint64_t key;
  int64_t index;
} Item;

/// Keys of floats: NaN orders above everything, -0 and 0 are equal.
static uint64_t key_of(LevinType type, const void *values, ptrdiff_t i, bool isDescending) {
  uint64_t key = 0;
  switch (type) {
    case LevinTypeFloat32: {
      float x = ((const float *)values)[i];
      uint32_t bits;
      if (x == 0) x = 0;
      memcpy(&bits, &x, 4);
      bits = x != x ? UINT32_MAX : bits & 0x80000000u ? ~bits : bits | 0x80000000u;
      return isDescending ? (uint32_t)~bits : bits;
    }
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
      return key_of(LevinTypeFloat32, &x, 0, isDescending);
    }
  }
  return isDescending ? ~key : key;
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

/// Stable, by bytes of the key from the lowest on; bytes that all keys share cost nothing. Returns the
/// half of the room in which the sorted items lie.
static Item *sort_items(Item *items, Item *other, ptrdiff_t count) {
  if (count <= 32) {
    insert_items(items, count);
    return items;
  }
  static const int bits = 8;
  for (int shift = 0; shift < 64; shift += bits) {
    ptrdiff_t places[256] = {0};
    for (ptrdiff_t i = 0; i < count; i++) places[items[i].key >> shift & 255]++;
    if (places[items[0].key >> shift & 255] == count) continue;
    ptrdiff_t next = 0;
    for (int b = 0; b < 256; b++) {
      ptrdiff_t here = places[b];
      places[b] = next;
      next += here;
    }
    for (ptrdiff_t i = 0; i < count; i++) other[places[items[i].key >> shift & 255]++] = items[i];
    Item *swapped = items;
    items = other;
    other = swapped;
  }
  return items;
}

typedef struct {
  LevinType type;
  ptrdiff_t size;
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
    for (ptrdiff_t i = 0; i < s->size; i++)
      room[i] = (Item){key_of(s->type, values, i, s->isDescending), i};
    Item *sorted = sort_items(room, room + s->size, s->size);
    for (ptrdiff_t i = 0; i < s->size; i++) s->indices[row * s->size + i] = sorted[i].index;
  }
  levin_give_memory_back(room, bytes);
}

bool levin_argsort(
  ptrdiff_t rows, ptrdiff_t size, LevinType type, const void *values, bool isDescending,
  int64_t *indices) {
  _Atomic bool lacksMemory = false;
  Sort sort = {type, size, values, isDescending, indices, &lacksMemory};
  if (size > 0) levin_parallel_for(rows, rows * size < smallArray ? rows : 1, &sort, sort_part);
  return !lacksMemory;
}
