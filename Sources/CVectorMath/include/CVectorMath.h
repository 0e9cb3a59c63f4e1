#pragma once
#include "formats.h"
#include "kernels.h"
