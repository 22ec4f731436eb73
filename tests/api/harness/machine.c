/* What can befall a machine, done to one process (LD_PRELOAD), as root or not: a disk that is full, read-only, or does not
   sync; a power cut; a clock that is set. Only files under FAULTS_IN are concerned. FAULTS names a file with the switches,
   which the test flips. Where FAULTS_DISK names a folder, it holds at any moment what a power cut would leave of a database:
   what was synced, and of what was written since then some sectors and others not. FAULTS_FILES is how many files may be open. */
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
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct switches { int32_t full, read_only, sync_fails, unused; int64_t clock_ms; };
struct range { off_t at; size_t length; struct range *next; };
struct file { char name[NAME_MAX + 1]; int on_disk; struct range *unsynced; };

enum { MOST_FDS = 65536, MOST_FILES = 16, SECTOR = 512 };

static volatile struct switches *now;
static const char *folder, *disk;
static signed char ours[MOST_FDS]; /* 0: none of ours, 1: ours, more: also a file of the database */
static struct file files[MOST_FILES];
static int known = 2;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTS");
    folder = getenv("FAULTS_IN");
    disk = getenv("FAULTS_DISK");
    const char *most = getenv("FAULTS_FILES");
    if (most) setrlimit(RLIMIT_NOFILE, &(struct rlimit){atoi(most), atoi(most)});
    int fd = path ? REAL(open64)(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || !folder) return;
    void *at = mmap(0, sizeof *now, PROT_READ, MAP_SHARED, fd, 0);
    if (at != MAP_FAILED) now = at;
}

static int concerns(const char *path) { return now && path && !strncmp(path, folder, strlen(folder)); }

/* --- the power cut */

static int is_of_database(const char *path) {
    size_t length = strlen(path);
    return (length > 3 && !strcmp(path + length - 3, ".db")) || (length > 4 && !strcmp(path + length - 4, "-wal"));
}

static void copy(int from, int to, off_t at, size_t length) {
    char buffer[65536];
    while (length > 0) {
        ssize_t read = REAL(pread64)(from, buffer, length < sizeof buffer ? length : sizeof buffer, at);
        if (read <= 0 || REAL(pwrite64)(to, buffer, read, at) != read) return;
        at += read, length -= read;
    }
}

/* The copy of a file as the disk holds it; what was there before the server came is on it. */
static int remember(const char *path) {
    const char *name = strrchr(path, '/') + 1;
    for (int n = 2; n < known; n++)
        if (!strcmp(files[n].name, name)) return n;
    if (known == MOST_FILES) return 1;
    char there[PATH_MAX];
    snprintf(there, sizeof there, "%s/%s", disk, name);
    snprintf(files[known].name, sizeof files[known].name, "%s", name);
    files[known].on_disk = REAL(open64)(there, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int from = REAL(open64)(path, O_RDONLY | O_CLOEXEC);
    if (from >= 0) copy(from, files[known].on_disk, 0, SSIZE_MAX), REAL(close)(from);
    return known++;
}

static void opened(int fd, const char *path) {
    if (fd < 0 || fd >= MOST_FDS) return;
    pthread_mutex_lock(&lock);
    ours[fd] = disk && is_of_database(path) ? remember(path) : 1;
    pthread_mutex_unlock(&lock);
}

static void wrote(int fd, off_t at, size_t length) {
    if (ours[fd] < 2) return;
    static unsigned luck = 1;
    pthread_mutex_lock(&lock);
    struct file *file = &files[(int)ours[fd]];
    struct range *range = malloc(sizeof *range);
    *range = (struct range){at, length, file->unsynced};
    file->unsynced = range;
    /* The system writes back as it likes, not in order and not whole. */
    for (off_t sector = at - at % SECTOR; sector < at + (off_t)length; sector += SECTOR) {
        luck = luck * 1103515245 + 12345;
        if (luck >> 29 == 0) copy(fd, file->on_disk, sector, SECTOR);
    }
    pthread_mutex_unlock(&lock);
}

static void synced(int fd) {
    if (fd < 0 || fd >= MOST_FDS || ours[fd] < 2) return;
    pthread_mutex_lock(&lock);
    struct file *file = &files[(int)ours[fd]];
    while (file->unsynced) {
        struct range *range = file->unsynced;
        copy(fd, file->on_disk, range->at, range->length);
        file->unsynced = range->next;
        free(range);
    }
    struct stat is;
    if (!fstat(fd, &is)) (void)!REAL(ftruncate64)(file->on_disk, is.st_size);
    pthread_mutex_unlock(&lock);
}

/* --- files */

static int refused(int fd, off_t at, size_t length) {
    if (!now || fd < 0 || fd >= MOST_FDS || !ours[fd]) return 0;
    struct stat is;
    if (now->read_only) return EROFS;
    /* What has its place on the disk can be written anew. */
    return now->full && !fstat(fd, &is) && at + (off_t)length > is.st_size ? ENOSPC : 0;
}

static int open_at(const char *path, int flags, mode_t mode) {
    struct stat is;
    int why = 0;
    if (concerns(path)) {
        if (now->read_only && (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC))) why = EROFS;
        else if (now->full && (flags & O_CREAT) && stat(path, &is)) why = ENOSPC;
    }
    if (why) return errno = why, -1;
    int fd = REAL(open64)(path, flags, mode);
    if (fd >= 0 && concerns(path)) opened(fd, path);
    return fd;
}

#define MODE(mode, flags) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, int); va_end(more); }

int open64(const char *path, int flags, ...) { MODE(mode, flags) return open_at(path, flags, mode); }
int open(const char *path, int flags, ...) { MODE(mode, flags) return open_at(path, flags, mode); }

int close(int fd) {
    if (fd >= 0 && fd < MOST_FDS) ours[fd] = 0;
    return REAL(close)(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    int why = refused(fd, at, length);
    if (why) return errno = why, -1;
    ssize_t done = REAL(pwrite64)(fd, bytes, length, at);
    if (done > 0 && fd < MOST_FDS) wrote(fd, at, done);
    return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) { return pwrite64(fd, bytes, length, at); }

ssize_t write(int fd, const void *bytes, size_t length) {
    off_t at = 0;
    if (now && fd >= 0 && fd < MOST_FDS && ours[fd]) {
        struct stat is;
        at = fcntl(fd, F_GETFL) & O_APPEND && !fstat(fd, &is) ? is.st_size : lseek(fd, 0, SEEK_CUR);
        int why = refused(fd, at, length);
        if (why) return errno = why, -1;
    }
    ssize_t done = REAL(write)(fd, bytes, length);
    if (done > 0 && fd < MOST_FDS) wrote(fd, at, done);
    return done;
}

int ftruncate64(int fd, off64_t length) {
    int why = refused(fd, 0, 0);
    if (why) return errno = why, -1;
    return REAL(ftruncate64)(fd, length);
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int sync_fails(int fd) { return now && fd >= 0 && fd < MOST_FDS && ours[fd] && now->sync_fails; }

int fdatasync(int fd) {
    if (sync_fails(fd)) return errno = EIO, -1;
    int done = REAL(fdatasync)(fd);
    if (!done) synced(fd);
    return done;
}
int fsync(int fd) {
    if (sync_fails(fd)) return errno = EIO, -1;
    int done = REAL(fsync)(fd);
    if (!done) synced(fd);
    return done;
}

static int changes(const char *path) {
    if (!concerns(path)) return 0;
    return now->read_only ? EROFS : 0;
}
int mkdir(const char *path, mode_t mode) {
    int why = changes(path);
    if (!why && concerns(path) && now->full) why = ENOSPC;
    if (why) return errno = why, -1;
    return REAL(mkdir)(path, mode);
}
int unlink(const char *path) {
    int why = changes(path);
    if (why) return errno = why, -1;
    return REAL(unlink)(path);
}
int rename(const char *from, const char *to) {
    int why = changes(from);
    if (why) return errno = why, -1;
    return REAL(rename)(from, to);
}

/* --- the clock */

int clock_gettime(clockid_t which, struct timespec *time) {
    static int (*ask)(clockid_t, struct timespec *);
    if (!ask) ask = (int (*)(clockid_t, struct timespec *))real("clock_gettime");
    int done = ask(which, time);
    if (!done && now && which == CLOCK_REALTIME) {
        int64_t ms = now->clock_ms;
        time->tv_sec += ms / 1000;
        time->tv_nsec += ms % 1000 * 1000000;
        if (time->tv_nsec < 0) time->tv_sec--, time->tv_nsec += 1000000000;
        if (time->tv_nsec >= 1000000000) time->tv_sec++, time->tv_nsec -= 1000000000;
    }
    return done;
}
