#ifndef LEVIN_TRANSFER_H
#define LEVIN_TRANSFER_H

/// One GET request by http or https through the system's libcurl, which is loaded when it is first needed: a program
/// that downloads nothing starts without it, and is built without its headers.
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The result of levin_transfer_get if libcurl has no error code of its own for it.
enum { LevinTransferNoLibrary = -1 };

/// Requests the file at `url` from byte `first` on, following redirects, and returns when the response has ended: 0,
/// one of libcurl's error codes (https://curl.se/libcurl/c/libcurl-errors.html), or LevinTransferNoLibrary.
///
/// - `on_header` receives each line of each response's head, including its line break; heads of redirects come first.
/// - `on_bytes` receives the body piece by piece.
/// - `should_stop` is called about once a second, and more often while bytes arrive; if it or one of the others
///   returns anything but 0, the transfer ends.
/// - `message` [256] receives the text of an error, empty if there is none.
///
/// May be called from several threads at once.
int levin_transfer_get(
  const char *url, int64_t first, long connect_seconds, void *context,
  int (*on_header)(void *context, const void *bytes, size_t count),
  int (*on_bytes)(void *context, const void *bytes, size_t count),
  int (*should_stop)(void *context), char *message);

#pragma clang assume_nonnull end
#endif
