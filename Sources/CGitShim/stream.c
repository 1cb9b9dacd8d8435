// A plain socket for libgit2 that connects to one server only.
//
// With redirects forbidden libgit2 1.5 still follows one to another port of the same host, and takes the credential along.
// Every connection of its HTTP transport, below TLS too, goes through the registered stream; this one refuses to connect to
// anything but the server that was allowed. Reads and writes block: the whole process is ended at its deadline.

#define _GNU_SOURCE
#include "CGitShim.h"
#include <errno.h>
#include <git2.h>
#include <git2/sys/stream.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

static char allowed_host[256];
static char allowed_port[16];

typedef struct {
    git_stream parent;
    char *host;
    char *port;
    int descriptor;
} guarded_stream;

static int fail(const char *what, const char *why) {
    char text[512];
    snprintf(text, sizeof text, "%s: %s", what, why);
    git_error_set_str(GIT_ERROR_NET, text);
    return -1;
}

static int guarded_connect(git_stream *stream) {
    guarded_stream *self = (guarded_stream *)stream;
    struct addrinfo hints, *addresses = NULL, *next;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_family = AF_UNSPEC;
    int status = getaddrinfo(self->host, self->port, &hints, &addresses);
    if (status != 0) return fail("failed to resolve address", gai_strerror(status));
    int last = 0;
    for (next = addresses; next; next = next->ai_next) {
        int descriptor = socket(next->ai_family, next->ai_socktype | SOCK_CLOEXEC, next->ai_protocol);
        if (descriptor < 0) {
            last = errno;
            continue;
        }
        if (connect(descriptor, next->ai_addr, next->ai_addrlen) == 0) {
            self->descriptor = descriptor;
            break;
        }
        last = errno;
        close(descriptor);
    }
    freeaddrinfo(addresses);
    return self->descriptor < 0 ? fail("failed to connect", strerror(last)) : 0;
}

static ssize_t guarded_read(git_stream *stream, void *data, size_t count) {
    ssize_t result;
    do result = recv(((guarded_stream *)stream)->descriptor, data, count, 0);
    while (result < 0 && errno == EINTR);
    return result < 0 ? fail("failed to read", strerror(errno)) : result;
}

static ssize_t guarded_write(git_stream *stream, const char *data, size_t count, int flags) {
    ssize_t result;
    (void)flags;
    do result = send(((guarded_stream *)stream)->descriptor, data, count, MSG_NOSIGNAL);
    while (result < 0 && errno == EINTR);
    return result < 0 ? fail("failed to write", strerror(errno)) : result;
}

static int guarded_close(git_stream *stream) {
    guarded_stream *self = (guarded_stream *)stream;
    if (self->descriptor >= 0) close(self->descriptor);
    self->descriptor = -1;
    return 0;
}

static void guarded_free(git_stream *stream) {
    guarded_stream *self = (guarded_stream *)stream;
    guarded_close(stream);
    free(self->host);
    free(self->port);
    free(self);
}

static int guarded_new(git_stream **out, const char *host, const char *port) {
    if (strcasecmp(host, allowed_host) != 0 || strcmp(port, allowed_port) != 0)
        return fail("redirect to another server refused", host);
    guarded_stream *self = calloc(1, sizeof *self);
    if (!self) return -1;
    self->host = strdup(host);
    self->port = strdup(port);
    self->descriptor = -1;
    self->parent.version = GIT_STREAM_VERSION;
    self->parent.connect = guarded_connect;
    self->parent.read = guarded_read;
    self->parent.write = guarded_write;
    self->parent.close = guarded_close;
    self->parent.free = guarded_free;
    if (!self->host || !self->port) {
        guarded_free(&self->parent);
        return -1;
    }
    *out = &self->parent;
    return 0;
}

int ballast_git_allow_only(const char *host, const char *port) {
    if (!host) return git_stream_register(GIT_STREAM_STANDARD, NULL);
    if (strlen(host) >= sizeof allowed_host || strlen(port) >= sizeof allowed_port) return -1;
    strcpy(allowed_host, host);
    strcpy(allowed_port, port);
    git_stream_registration registration;
    memset(&registration, 0, sizeof registration);
    registration.version = GIT_STREAM_VERSION;
    registration.init = guarded_new;
    return git_stream_register(GIT_STREAM_STANDARD, &registration);
}
