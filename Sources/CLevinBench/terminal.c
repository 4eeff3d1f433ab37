#define _GNU_SOURCE
#include "levin_bench.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int levin_bench_terminal(int *reader) {
  *reader = posix_openpt(O_RDWR | O_NOCTTY);
  if (*reader < 0) return -1;
  const struct winsize size = {.ws_row = 24, .ws_col = 80};
  const char *name = NULL;
  if (grantpt(*reader) == 0 && unlockpt(*reader) == 0) name = ptsname(*reader);
  const int terminal = name ? open(name, O_RDWR | O_NOCTTY) : -1;
  if (terminal < 0 || ioctl(terminal, TIOCSWINSZ, &size) != 0) {
    close(*reader);
    return -1;
  }
  return terminal;
}
