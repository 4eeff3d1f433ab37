#include "levin_kernels.h"

_Thread_local LevinTape levin_thread_tape;
