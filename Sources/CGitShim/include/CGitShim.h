#pragma once
#include <stddef.h>

// `git_libgit2_opts` is variadic, which Swift cannot call: one function for each shape of arguments that is used.

/// Options that take a `size_t` (or `ssize_t`).
int ballast_git_set_size_option(int option, size_t value);
/// Options that take an `int`.
int ballast_git_set_flag_option(int option, int enabled);
/// `GIT_OPT_SET_SEARCH_PATH`.
int ballast_git_set_search_path(int level, const char *path);
/// `GIT_OPT_SET_SSL_CERT_LOCATIONS` with a file.
int ballast_git_set_certificate_file(const char *file);
/// `close_range(first, ~0, 0)`: leaves no descriptor from `first` on. Returns -1 with `errno` on failure.
int ballast_close_from(int first);
/// Processor time that this process has used, whole seconds. (Through C: which module defines `timeval` in Swift depends on
/// how much is compiled at once.)
long ballast_cpu_seconds(void);
/// Lets libgit2's HTTP transport connect to this server and port alone; a redirect elsewhere fails. `NULL` takes that back.
/// Not for ssh, which needs libgit2's own sockets.
int ballast_git_allow_only(const char *host, const char *port);
