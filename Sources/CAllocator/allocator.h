/* What the C library's allocator can do beside malloc and free; the Swift module of the library leaves it out. */
#include <malloc.h>
