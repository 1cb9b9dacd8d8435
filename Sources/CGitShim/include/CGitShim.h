#pragma once
#include <stddef.h>
/// Sets one of libgit2's global size options; `git_libgit2_opts` is variadic, which Swift cannot call.
int ballast_git_set_size_option(int option, size_t value);
