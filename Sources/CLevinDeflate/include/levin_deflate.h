#ifndef LEVIN_DEFLATE_H
#define LEVIN_DEFLATE_H

/// Inflating with the system's libdeflate, which takes a third of zlib's time. It is loaded by the first call. Where it
/// is missing, callers use zlib.
///
/// The environment variable LEVIN_LIBDEFLATE names the library's file if it is in an unusual place.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What surrounds the packed data.
typedef enum {
  /// Nothing (RFC 1951), as in zip archives.
  LevinDeflateBare,
  /// The header and checksum of zlib (RFC 1950), as in PNG files.
  LevinDeflateZlib,
  /// The header, checksum and length of gzip (RFC 1952).
  LevinDeflateGzip,
} LevinDeflateWrapping;

/// Inflates `packed` [packed_count] to `data` [data_count].
///
/// Returns false, with any content in `data`, if there is no libdeflate; and unless `packed` is one whole stream that
/// fills `data` and matches its checksum, with nothing after it; zlib can then say what is wrong. Codes that no program
/// writes, such as length symbol 286, are read as libdeflate reads them, where zlib refuses. A checksum of gzip's header
/// is not compared.
bool levin_inflate(
  LevinDeflateWrapping wrapping, const uint8_t *packed, size_t packed_count, uint8_t *data,
  size_t data_count);

#pragma clang assume_nonnull end
#endif
