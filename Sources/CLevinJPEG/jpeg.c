#include "levin_jpeg.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/// The numbers of TurboJPEG's interface 2, which version 3 keeps (turbojpeg.h).
enum {
  accurateDCT = 4096,
  /// Fails on files with more than 500 scans, which only serve to occupy the reader.
  limitScans = 32768,
  messageSize = 256,
};

static struct {
  void *(*init_decompress)(void);
  void *(*init_compress)(void);
  int (*destroy)(void *handle);
  int (*decompress)(
    void *handle, const unsigned char *jpeg, unsigned long size, unsigned char *pixels, int width,
    int pitch, int height, int format, int flags);
  int (*compress)(
    void *handle, const unsigned char *pixels, int width, int pitch, int height, int format,
    unsigned char **jpeg, unsigned long *size, int subsampling, int quality, int flags);
  void (*free)(unsigned char *bytes);
  char *(*error_text)(void *handle);
  bool isLoaded;
} turbo;

static void load(void) {
  // The loader of macOS does not search Homebrew's folders.
  static const char *const names[] = {
    "libturbojpeg.so.0", "libturbojpeg.0.dylib", "/opt/homebrew/lib/libturbojpeg.0.dylib",
    "/usr/local/lib/libturbojpeg.0.dylib", "libturbojpeg.so", "libturbojpeg.dylib"};
  const char *own = getenv("LEVIN_TURBOJPEG");
  void *library = own && *own ? dlopen(own, RTLD_NOW | RTLD_LOCAL) : NULL;
  if (!own || !*own)
    for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
      library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  *(void **)&turbo.init_decompress = dlsym(library, "tjInitDecompress");
  *(void **)&turbo.init_compress = dlsym(library, "tjInitCompress");
  *(void **)&turbo.destroy = dlsym(library, "tjDestroy");
  *(void **)&turbo.decompress = dlsym(library, "tjDecompress2");
  *(void **)&turbo.compress = dlsym(library, "tjCompress2");
  *(void **)&turbo.free = dlsym(library, "tjFree");
  *(void **)&turbo.error_text = dlsym(library, "tjGetErrorStr2");
  turbo.isLoaded = turbo.init_decompress && turbo.init_compress && turbo.destroy &&
    turbo.decompress && turbo.compress && turbo.free && turbo.error_text;
}

static bool is_loaded(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return turbo.isLoaded;
}

static int channels(int format) {
  return format == LevinJPEGGray ? 1 : format == LevinJPEGCMYK ? 4 : 3;
}

int levin_jpeg_decode(
  const uint8_t *bytes, size_t count, uint8_t *pixels, int width, int height, int format,
  char *message) {
  message[0] = 0;
  if (!is_loaded()) return LevinJPEGNoLibrary;
  // One handle a call: that costs 2 µs, and a handle is for one thread at a time.
  void *handle = turbo.init_decompress();
  if (!handle) {
    snprintf(message, messageSize, "%s", turbo.error_text(NULL));
    return LevinJPEGFailed;
  }
  int result = LevinJPEGDone;
  if (turbo.decompress(
        handle, bytes, count, pixels, width, width * channels(format), height, format,
        limitScans) != 0) {
    // The library's code for warnings is also that of some fatal errors.
    result = LevinJPEGDoubtful;
    snprintf(message, messageSize, "%s", turbo.error_text(handle));
  }
  turbo.destroy(handle);
  return result;
}

int levin_jpeg_encode(
  const uint8_t *pixels, int width, int height, int format, int subsampling, int quality,
  void *context, void (*on_file)(void *context, const uint8_t *bytes, size_t count),
  char *message) {
  message[0] = 0;
  if (!is_loaded()) return LevinJPEGNoLibrary;
  void *handle = turbo.init_compress();
  if (!handle) {
    snprintf(message, messageSize, "%s", turbo.error_text(NULL));
    return LevinJPEGFailed;
  }
  unsigned char *file = NULL;
  unsigned long size = 0;
  int result = LevinJPEGDone;
  // The fast transform, the default below quality 96, gives other bytes than Pillow.
  if (turbo.compress(
        handle, pixels, width, width * channels(format), height, format, &file, &size, subsampling,
        quality, accurateDCT) == 0) {
    on_file(context, file, size);
  } else {
    snprintf(message, messageSize, "%s", turbo.error_text(handle));
    result = LevinJPEGFailed;
  }
  if (file) turbo.free(file);
  turbo.destroy(handle);
  return result;
}
