#include "CGitShim.h"
#include <git2.h>
int ballast_git_set_size_option(int option, size_t value) { return git_libgit2_opts(option, value); }
