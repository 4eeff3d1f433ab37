#include "levin_deflate.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

/// One of libdeflate's functions for a wrapping; 0 is success.
typedef int Inflate(
  void *inflater, const void *packed, size_t packed_count, void *data, size_t capacity,
  size_t *consumed, size_t *filled);

static struct {
  void *(*make)(void);
  void (*free)(void *inflater);
  Inflate *inflate[3];
  bool isLoaded;
} library;

static void load(void) {
  // The loader of macOS does not search Homebrew's folders.
  static const char *const names[] = {
    "libdeflate.so.0", "libdeflate.0.dylib", "/opt/homebrew/lib/libdeflate.0.dylib",
    "/usr/local/lib/libdeflate.0.dylib"};
  const char *own = getenv("LEVIN_LIBDEFLATE");
  void *file = own && *own ? dlopen(own, RTLD_NOW | RTLD_LOCAL) : NULL;
  if (!own || !*own)
    for (size_t i = 0; i < sizeof names / sizeof *names && !file; i++)
      file = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!file) return;
  *(void **)&library.make = dlsym(file, "libdeflate_alloc_decompressor");
  *(void **)&library.free = dlsym(file, "libdeflate_free_decompressor");
  *(void **)&library.inflate[LevinDeflateBare] = dlsym(file, "libdeflate_deflate_decompress_ex");
  *(void **)&library.inflate[LevinDeflateZlib] = dlsym(file, "libdeflate_zlib_decompress_ex");
  *(void **)&library.inflate[LevinDeflateGzip] = dlsym(file, "libdeflate_gzip_decompress_ex");
  library.isLoaded = library.make && library.free && library.inflate[LevinDeflateBare] &&
    library.inflate[LevinDeflateZlib] && library.inflate[LevinDeflateGzip];
}

bool levin_inflate(
  LevinDeflateWrapping wrapping, const uint8_t *packed, size_t packed_count, uint8_t *data,
  size_t data_count) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  if (!library.isLoaded) return false;
  // One a call: that is an allocation, and an inflater is for one thread at a time.
  void *inflater = library.make();
  if (!inflater) return false;
  size_t consumed, filled;
  bool isDone = library.inflate[wrapping](
                  inflater, packed, packed_count, data, data_count, &consumed, &filled) == 0 &&
    consumed == packed_count && filled == data_count;
  library.free(inflater);
  return isDone;
}
