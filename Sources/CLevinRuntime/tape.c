#include "levin_runtime.h"

_Thread_local LevinTape levin_thread_tape;
