/// The loops over elements of type T, which PICK picks from a line of levin_elementwise.def; included once for each
/// compute type.

#define LOAD const T x = a[i];
#define UNARY(NAME, F, D, I)                 \
  case LevinUnary##NAME: PICK(F, D, I) break;
static void NAMED(unary)(LevinUnary op, ptrdiff_t count, const void *in, void *to) {
  const T *a = in;
  T *out = to;
  switch (op) {
#include "levin_elementwise.def"
  }
}
#undef UNARY
#undef LOAD

#define LOAD const T x = a[i]; const T y = b[i];
#define BINARY(NAME, F, D, I)                 \
  case LevinBinary##NAME: PICK(F, D, I) break;
static void NAMED(binary)(
  LevinBinary op, ptrdiff_t count, const void *left, const void *right, void *to) {
  const T *a = left, *b = right;
  T *out = to;
  switch (op) {
#include "levin_elementwise.def"
  }
}
#undef BINARY

#define COMPARISON(NAME, EXPRESSION)                  \
  case LevinComparison##NAME: EACH(EXPRESSION) break;
static void NAMED(compare)(
  LevinComparison op, ptrdiff_t count, const void *left, const void *right, uint8_t *out) {
  const T *a = left, *b = right;
  switch (op) {
#include "levin_elementwise.def"
  }
}
#undef COMPARISON
#undef LOAD

static void NAMED(choose)(
  ptrdiff_t count, const uint8_t *condition, const void *left, const void *right, void *to) {
  // With bit operations, so that there are no branches.
  typedef PICK(uint32_t, uint64_t, uint64_t) Bits __attribute__((may_alias));
  const Bits *a = left, *b = right;
  Bits *out = to;
  _Pragma("clang loop vectorize(assume_safety)") for (ptrdiff_t i = 0; i < count; i++) {
    const Bits mask = 0 - (Bits)(condition[i] != 0);
    out[i] = (a[i] & mask) | (b[i] & ~mask);
  }
}

#undef T
#undef NAMED
#undef PICK
