/* The layer under a process, for tests: loaded before libc (LD_PRELOAD) it records, in order, what the process does to the
 * files below one folder, and makes chosen calls fail.
 *
 *   FAULTS_ROOT      the folder; what lies elsewhere is left alone
 *   FAULTS_JOURNAL   the record, a file outside of it (none: nothing is recorded)
 *
 * A record is a `struct head` followed by its two byte strings; tests/faults/powercut.py reads it. A data record holds the
 * bytes as written, so that any state in which a power cut may leave the disk can be made from the record alone. What is
 * written by mmap is not seen: SQLite does so in its -shm file only, which it makes anew after a crash.
 *
 * From inside the process (ctypes): faults_fail() arms a failure, faults_seen() says how many calls of its kinds came since,
 * faults_hits() how many of them it struck.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real_##name())
#define FIND(name) \
    static void *real_##name(void) { static void *found; if (!found) found = dlsym(RTLD_NEXT, #name); return found; }
#define MOST 65536

struct __attribute__((packed)) head { char kind; int32_t fd; int64_t at; uint32_t first, second; };

FIND(open) FIND(openat) FIND(write) FIND(pwrite) FIND(ftruncate) FIND(fsync) FIND(fdatasync) FIND(renameat) FIND(linkat)
FIND(unlinkat) FIND(mkdirat) FIND(close)

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t root_length;
static int journal = -1;
static char below[MOST]; /* by file descriptor: whether its file lies below the root */

/* What is to fail: calls of these letters (w write, s sync, c create, o open for writing and change of names), from the
 * after-th on; once, or lasting. */
static struct { char calls[8]; long after; int error, lasting; long seen, hits; } fate;

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("FAULTS_ROOT"), *record = getenv("FAULTS_JOURNAL");
    if (!where) return;
    snprintf(root, sizeof root, "%s", where);
    root_length = strlen(root);
    if (record) journal = REAL(open)(record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

void faults_fail(const char *calls, long after, int error, int lasting) {
    pthread_mutex_lock(&turn);
    snprintf(fate.calls, sizeof fate.calls, "%s", calls);
    fate.after = after; fate.error = error; fate.lasting = lasting; fate.seen = fate.hits = 0;
    pthread_mutex_unlock(&turn);
}

long faults_seen(void) { return fate.seen; }
long faults_hits(void) { return fate.hits; }

static int fails(char call) {
    if (!strchr(fate.calls, call) || fate.seen++ < fate.after) return 0;
    if (!fate.lasting) fate.calls[0] = 0;
    fate.hits++;
    errno = fate.error;
    return 1;
}

static void tell(char kind, int fd, int64_t at, const void *first, size_t n, const void *second, size_t m) {
    struct head head = {kind, fd, at, (uint32_t)n, (uint32_t)m};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)first, n}, {(void *)second, m}};
    int before = errno;
    if (journal >= 0 && writev(journal, parts, 3) < 0) abort();
    errno = before;
}

static int is_below(int fd) { return fd >= 0 && fd < MOST && below[fd]; }

/* The absolute path, when it is the root or lies below it. */
static int place(int folder, const char *path, char *out) {
    char link[64], base[PATH_MAX] = "";
    if (!root_length || !path) return 0;
    if (path[0] != '/') {
        snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
        ssize_t n = readlink(link, base, sizeof base - 1);
        if (n < 0) return 0;
        base[n] = 0;
    }
    if (snprintf(out, PATH_MAX, "%s%s%s", base, *base ? "/" : "", path) >= PATH_MAX) return 0;
    return !strncmp(out, root, root_length) && (out[root_length] == '/' || !out[root_length]);
}

static int opened(int folder, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    struct stat there;
    if (!place(folder, path, full)) return REAL(openat)(folder, path, flags, mode);
    pthread_mutex_lock(&turn);
    int fresh = (flags & O_CREAT) && stat(full, &there) < 0, fd = -1;
    if (!((flags & (O_WRONLY | O_RDWR | O_CREAT)) && fails('o')) && !(fresh && fails('c')))
        fd = REAL(openat)(folder, path, flags, mode);
    if (fd >= 0 && fd < MOST) {
        below[fd] = 1;
        tell('o', fd, fresh | ((flags & O_TRUNC) ? 2 : 0), full, strlen(full), 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return fd;
}

#define MODE(last) mode_t mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list list; va_start(list, last); mode = va_arg(list, mode_t); va_end(list); }
int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return opened(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return opened(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

/* A full disk takes the first half of what no longer fits, and then nothing. */
static ssize_t put(int fd, const void *data, size_t size, off_t at, int placed) {
    if (!is_below(fd)) return placed ? REAL(pwrite)(fd, data, size, at) : REAL(write)(fd, data, size);
    pthread_mutex_lock(&turn);
    ssize_t n = -1;
    int full = fails('w');
    if (full && fate.error == ENOSPC && fate.hits == 1 && size >= 1024) { size /= 2; full = 0; }
    if (!full) n = placed ? REAL(pwrite)(fd, data, size, at) : REAL(write)(fd, data, size);
    if (n > 0) tell('w', fd, placed ? at : lseek(fd, 0, SEEK_CUR) - n, data, (size_t)n, 0, 0);
    pthread_mutex_unlock(&turn);
    return n;
}

ssize_t write(int fd, const void *data, size_t size) { return put(fd, data, size, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return put(fd, data, size, at, 1); }
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) { return put(fd, data, size, at, 1); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    ssize_t all = 0;
    for (int i = 0; i < count; i++) {
        ssize_t n = put(fd, parts[i].iov_base, parts[i].iov_len, 0, 0);
        if (n < 0) return all ? all : n;
        all += n;
        if ((size_t)n < parts[i].iov_len) break;
    }
    return all;
}

int ftruncate(int fd, off_t size) {
    if (!is_below(fd)) return REAL(ftruncate)(fd, size);
    pthread_mutex_lock(&turn);
    int done = fails('w') ? -1 : REAL(ftruncate)(fd, size);
    if (!done) tell('t', fd, size, 0, 0, 0, 0);
    pthread_mutex_unlock(&turn);
    return done;
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }

/* Ways of writing that are not recorded: who tries them is told to do without, as on file systems that lack them. */
#define LACKING(fd, real) if (is_below(fd)) { errno = EINVAL; return -1; } return real
FIND(sendfile) FIND(copy_file_range) FIND(fallocate)
ssize_t sendfile(int out, int in, off_t *at, size_t n) { LACKING(out, ((ssize_t (*)(int, int, off_t *, size_t))real_sendfile())(out, in, at, n)); }
ssize_t sendfile64(int out, int in, off_t *at, size_t n) { return sendfile(out, in, at, n); }
ssize_t copy_file_range(int in, off_t *i, int out, off_t *o, size_t n, unsigned f) { LACKING(out, REAL(copy_file_range)(in, i, out, o, n, f)); }
int fallocate(int fd, int mode, off_t at, off_t n) { LACKING(fd, REAL(fallocate)(fd, mode, at, n)); }

static int synced(int fd, int (*real)(int)) {
    if (!is_below(fd)) return real(fd);
    pthread_mutex_lock(&turn);
    int done = fails('s') ? -1 : real(fd);
    if (!done) tell('s', fd, 0, 0, 0, 0, 0);
    pthread_mutex_unlock(&turn);
    return done;
}
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int named(char kind, int from, const char *old, int to, const char *new, int flags) {
    char one[PATH_MAX] = "", other[PATH_MAX] = "";
    int inside = place(from, old, one) | (new ? place(to, new, other) : 0), done = -1;
    pthread_mutex_lock(&turn);
    if (!inside || !(fails('o') || (kind != 'u' && fails('c')))) {
        if (kind == 'r') done = REAL(renameat)(from, old, to, new);
        if (kind == 'l') done = REAL(linkat)(from, old, to, new, flags);
        if (kind == 'u') done = REAL(unlinkat)(from, old, flags);
        if (kind == 'm') done = REAL(mkdirat)(from, old, (mode_t)flags);
    }
    if (inside && !done) tell(kind, 0, 0, one, strlen(one), other, strlen(other));
    pthread_mutex_unlock(&turn);
    return done;
}
int rename(const char *old, const char *new) { return named('r', AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int from, const char *old, int to, const char *new) { return named('r', from, old, to, new, 0); }
int link(const char *old, const char *new) { return named('l', AT_FDCWD, old, AT_FDCWD, new, 0); }
int linkat(int from, const char *old, int to, const char *new, int flags) { return named('l', from, old, to, new, flags); }
int unlink(const char *path) { return named('u', AT_FDCWD, path, 0, 0, 0); }
int unlinkat(int folder, const char *path, int flags) { return named('u', folder, path, 0, 0, flags); }
int rmdir(const char *path) { return named('u', AT_FDCWD, path, 0, 0, AT_REMOVEDIR); }
int mkdir(const char *path, mode_t mode) { return named('m', AT_FDCWD, path, 0, 0, (int)mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return named('m', folder, path, 0, 0, (int)mode); }

int close(int fd) {
    if (!is_below(fd)) return REAL(close)(fd);
    pthread_mutex_lock(&turn);
    below[fd] = 0;
    tell('c', fd, 0, 0, 0, 0, 0);
    int done = REAL(close)(fd);
    pthread_mutex_unlock(&turn);
    return done;
}
