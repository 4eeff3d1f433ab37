#include "levin_transfer.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

/// The numbers of libcurl's interface, which never change (https://curl.se/libcurl/abi.html).
enum {
  globalAll = 3,
  optNoProgress = 43,
  optFollowLocation = 52,
  optMaxRedirections = 68,
  optConnectSeconds = 78,
  optNoSignal = 99,
  optProtocols = 181,
  optRedirectionProtocols = 182,
  optWriteData = 10001,
  optURL = 10002,
  optRange = 10007,
  optErrorBuffer = 10010,
  optUserAgent = 10018,
  optHeaderData = 10029,
  optProgressData = 10057,
  optWriteFunction = 20011,
  optHeaderFunction = 20079,
  optProgressFunction = 20219,
  protocolHTTPAndHTTPS = 3,
  messageSize = 256,
};

static struct {
  int (*global_init)(long flags);
  void *(*easy_init)(void);
  int (*easy_setopt)(void *easy, int option, ...);
  int (*easy_perform)(void *easy);
  void (*easy_cleanup)(void *easy);
  const char *(*easy_strerror)(int code);
  bool isLoaded;
} curl;

static void load(void) {
  static const char *const names[] = {
    "libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib", "libcurl.so"};
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  *(void **)&curl.global_init = dlsym(library, "curl_global_init");
  *(void **)&curl.easy_init = dlsym(library, "curl_easy_init");
  *(void **)&curl.easy_setopt = dlsym(library, "curl_easy_setopt");
  *(void **)&curl.easy_perform = dlsym(library, "curl_easy_perform");
  *(void **)&curl.easy_cleanup = dlsym(library, "curl_easy_cleanup");
  *(void **)&curl.easy_strerror = dlsym(library, "curl_easy_strerror");
  curl.isLoaded = curl.global_init && curl.easy_init && curl.easy_setopt && curl.easy_perform &&
    curl.easy_cleanup && curl.easy_strerror && curl.global_init(globalAll) == 0;
}

typedef struct {
  void *context;
  int (*on_header)(void *context, const void *bytes, size_t count);
  int (*on_bytes)(void *context, const void *bytes, size_t count);
  int (*should_stop)(void *context);
} Receiver;

/// libcurl ends the transfer if fewer bytes are taken than given.
static size_t take_header(const char *bytes, size_t size, size_t count, void *receiver) {
  const Receiver *r = receiver;
  return r->on_header(r->context, bytes, size * count) == 0 ? size * count : 0;
}

static size_t take_bytes(const char *bytes, size_t size, size_t count, void *receiver) {
  const Receiver *r = receiver;
  return r->on_bytes(r->context, bytes, size * count) == 0 ? size * count : 0;
}

static int take_progress(void *receiver, int64_t a, int64_t b, int64_t c, int64_t d) {
  const Receiver *r = receiver;
  return r->should_stop(r->context);
}

int levin_transfer_get(
  const char *url, int64_t first, long connect_seconds, void *context,
  int (*on_header)(void *context, const void *bytes, size_t count),
  int (*on_bytes)(void *context, const void *bytes, size_t count),
  int (*should_stop)(void *context), char *message) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  message[0] = 0;
  pthread_once(&once, load);
  void *easy = curl.isLoaded ? curl.easy_init() : NULL;
  if (!easy) {
    snprintf(message, messageSize, "libcurl (libcurl.so.4) is not installed");
    return LevinTransferNoLibrary;
  }
  Receiver receiver = {
    .context = context, .on_header = on_header, .on_bytes = on_bytes, .should_stop = should_stop};
  char range[32];
  snprintf(range, sizeof range, "%lld-", (long long)first);

  curl.easy_setopt(easy, optURL, url);
  if (first > 0) curl.easy_setopt(easy, optRange, range);
  curl.easy_setopt(easy, optUserAgent, "Levin");
  curl.easy_setopt(easy, optProtocols, (long)protocolHTTPAndHTTPS);
  curl.easy_setopt(easy, optRedirectionProtocols, (long)protocolHTTPAndHTTPS);
  curl.easy_setopt(easy, optFollowLocation, 1L);
  curl.easy_setopt(easy, optMaxRedirections, 10L);
  curl.easy_setopt(easy, optConnectSeconds, connect_seconds);
  // Timeouts by signals would disturb the program's own threads.
  curl.easy_setopt(easy, optNoSignal, 1L);
  curl.easy_setopt(easy, optErrorBuffer, message);
  curl.easy_setopt(easy, optHeaderFunction, take_header);
  curl.easy_setopt(easy, optHeaderData, &receiver);
  curl.easy_setopt(easy, optWriteFunction, take_bytes);
  curl.easy_setopt(easy, optWriteData, &receiver);
  curl.easy_setopt(easy, optNoProgress, 0L);
  curl.easy_setopt(easy, optProgressFunction, take_progress);
  curl.easy_setopt(easy, optProgressData, &receiver);
  int code = curl.easy_perform(easy);
  if (code != 0 && message[0] == 0)
    snprintf(message, messageSize, "%s", curl.easy_strerror(code));
  curl.easy_cleanup(easy);
  return code;
}
