#ifndef LEVIN_BENCH_H
#define LEVIN_BENCH_H

/// What the benchmarks need of C.

/// Measures how many floating-point operations a core can do, with loops of fused multiply-adds on registers only.
///
/// Does about `operations` floating-point operations (a fused multiply-add of one element counts as two) with the
/// widest vectors of the machine, and returns how many it did.
double levin_bench_multiply_add(double operations);

/// Opens a terminal of 80 columns; what is written to it is read from `reader`. Returns -1 if there is none.
int levin_bench_terminal(int *reader);

#endif
