/* Makes one call of the file system fail, as a full or broken disk does: LD_PRELOAD=failing-disk.so with
   HPO_FAULT="CALL ERRNO NTH TIMES PART", where CALL is write, sync, rename, open or truncate, ERRNO a number (0 writes half of what was
   asked for), NTH the first call that fails, counted from 1 over those of a path that has PART in it, and TIMES how many do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char call[16], part[256];
static int code, first, times, ready;
static atomic_int seen;

static void prepare(void) {
  const char *text = getenv("HPO_FAULT");
  if (ready) return;
  ready = 1;
  if (text == NULL || sscanf(text, "%15s %d %d %d %255s", call, &code, &first, &times, part) != 5) call[0] = 0;
}

static int fails(const char *what, const char *path) {
  prepare();
  if (strcmp(call, what) != 0 || path == NULL || strstr(path, part) == NULL) return 0;
  int number = atomic_fetch_add(&seen, 1) + 1;
  return number >= first && number < first + times;
}

static int fails_at(const char *what, int fd) {
  char link[64], path[4096];
  prepare();
  if (strcmp(call, what) != 0) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fails(what, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define REFUSE(what, fd) if (fails_at(what, fd)) { errno = code; return -1; }

#define WRITE(name, offset_type) \
  ssize_t name(int fd, const void *data, size_t count, offset_type offset) { \
    if (fails_at("write", fd)) { \
      if (code != 0) { errno = code; return -1; } \
      return REAL(name)(fd, data, count > 1 ? count / 2 : count, offset); \
    } \
    return REAL(name)(fd, data, count, offset); \
  }
WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t count) {
  if (fails_at("write", fd)) {
    if (code != 0) { errno = code; return -1; }
    return REAL(write)(fd, data, count > 1 ? count / 2 : count);
  }
  return REAL(write)(fd, data, count);
}

int fsync(int fd) { REFUSE("sync", fd) return REAL(fsync)(fd); }
int fdatasync(int fd) { REFUSE("sync", fd) return REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { REFUSE("truncate", fd) return REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { REFUSE("truncate", fd) return REAL(ftruncate64)(fd, size); }

int rename(const char *from, const char *to) {
  if (fails("rename", to)) { errno = code; return -1; }
  return REAL(rename)(from, to);
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = va_arg(list, mode_t); \
    va_end(list); \
    if (fails("open", path)) { errno = code; return -1; } \
    return REAL(name)(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
