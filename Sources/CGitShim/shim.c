#define _GNU_SOURCE
#include "CGitShim.h"
#include <git2.h>
#include <time.h>
#include <unistd.h>

int ballast_git_set_size_option(int option, size_t value) { return git_libgit2_opts(option, value); }

int ballast_git_set_flag_option(int option, int enabled) { return git_libgit2_opts(option, enabled); }

int ballast_git_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

int ballast_git_set_certificate_file(const char *file) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, (const char *)NULL);
}

int ballast_close_from(int first) { return close_range((unsigned)first, ~0U, 0); }

long ballast_cpu_seconds(void) {
    struct timespec used;
    return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0 ? (long)used.tv_sec : 0;
}
