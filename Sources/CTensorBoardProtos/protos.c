#include "include/tensorboard_protos.h"
