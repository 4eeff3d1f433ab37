#include "levin_runtime.h"

_Thread_local LevinTape levin_thread_tape;
uint8_t levin_default_type_number;
