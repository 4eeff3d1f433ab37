#ifndef LEVIN_JPEG_H
#define LEVIN_JPEG_H

/// JPEG through the system's TurboJPEG, which is loaded when it is first needed: a program that reads no JPEG starts
/// without it, and is built without its headers.
///
/// The environment variable LEVIN_TURBOJPEG names the library's file if it is in an unusual place.
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// What the calls return.
enum {
  LevinJPEGDone = 0,
  /// The library found something wrong in the file: with a warning there are pixels, with an error none. Only `message`
  /// tells them apart: it is the first warning or the error.
  LevinJPEGDoubtful = 1,
  LevinJPEGFailed = 2,
  LevinJPEGNoLibrary = 3,
};

/// The formats of pixels; their numbers are TurboJPEG's.
enum { LevinJPEGRGB = 0, LevinJPEGGray = 6, LevinJPEGCMYK = 11 };

/// Decodes the file `bytes` [count] to `pixels` [height][width][channels of format].
///
/// Width and height are those of the file, or those that result from one of the scales 1/2, 1/4 and 1/8. Pixels that
/// were not decoded stay as they are. `message` [256] receives the text of an error.
int levin_jpeg_decode(
  const uint8_t *bytes, size_t count, uint8_t *pixels, int width, int height, int format,
  char *message);

/// Encodes `pixels` [height][width][channels of format], and passes the file to `on_file`.
///
/// `subsampling` is TurboJPEG's: 0 4:4:4, 1 4:2:2, 2 4:2:0, 3 gray.
int levin_jpeg_encode(
  const uint8_t *pixels, int width, int height, int format, int subsampling, int quality,
  void *_Nullable context,
  void (*on_file)(void *_Nullable context, const uint8_t *bytes, size_t count), char *message);

#pragma clang assume_nonnull end
#endif
