#ifndef LEVIN_TRANSFER_H
#define LEVIN_TRANSFER_H

/// One GET of http or https through the system's libcurl, which is loaded when it is first needed:
/// a program that downloads nothing does not pay for it at its start, and is built without its
/// headers.
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What levin_transfer_get returns where libcurl has no code of its own.
enum { LevinTransferNoLibrary = -1 };

/// Asks `url` for a file from byte `first` on, following redirections, and returns when the answer
/// has ended: 0, one of libcurl's error codes (https://curl.se/libcurl/c/libcurl-errors.html), or
/// LevinTransferNoLibrary.
///
/// - `on_header` gets each line of each answer's head, its line break included; heads of
///   redirections come first.
/// - `on_bytes` gets the body piece by piece.
/// - `should_stop` is asked about once a second, and more often while bytes come; where it or one
///   of the others returns other than 0, the transfer ends.
/// - `message` [256] receives words for an error, empty where there are none.
///
/// May be called from several threads at once.
int levin_transfer_get(
  const char *url, int64_t first, long connect_seconds, void *context,
  int (*on_header)(void *context, const void *bytes, size_t count),
  int (*on_bytes)(void *context, const void *bytes, size_t count),
  int (*should_stop)(void *context), char *message);

#pragma clang assume_nonnull end
#endif
