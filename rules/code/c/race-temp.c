#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void write_report(const char *path)
{
    if (access(path, W_OK) == 0) {
        // ruleid: check-then-use-race
        FILE *file = fopen(path, "w");
        fclose(file);
    }
}

void remove_old(const char *path)
{
    struct stat info;
    if (lstat(path, &info) != 0)
        return;
    // ruleid: check-then-use-race
    unlink(path);
}

void write_safely(const char *path, const char *other)
{
    // ok: check-then-use-race
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    struct stat info;
    fstat(fd, &info);
    if (access(other, R_OK) == 0)
        // ok: check-then-use-race
        fd = open(path, O_RDONLY);
}

void temporary(void)
{
    char name[] = "/tmp/appXXXXXX";
    // ruleid: predictable-temp-file
    mktemp(name);
    // ruleid: predictable-temp-file
    char *other = tmpnam(NULL);
    // ok: predictable-temp-file
    int fd = mkstemp(name);
    // ok: predictable-temp-file
    FILE *file = tmpfile();
}

void modes(int fd)
{
    // ruleid: file-permissions-for-everyone
    chmod("/etc/app.conf", 0777);
    // ruleid: file-permissions-for-everyone
    open("/var/lib/app/state", O_CREAT | O_WRONLY, 0666);
    // ruleid: file-permissions-for-everyone
    fchmod(fd, S_IRWXU | S_IRWXG | S_IRWXO);
    // ok: file-permissions-for-everyone
    chmod("/etc/app.conf", 0640);
    // ok: file-permissions-for-everyone
    mkdir("/var/lib/app", 0750);
}

void masks(void)
{
    // ruleid: umask-zero
    umask(0);
    // ruleid: umask-zero
    mode_t old = umask(000);
    // ok: umask-zero
    umask(077);
    // ok: umask-zero
    umask(old);
}

void drop(uid_t uid, gid_t gid)
{
    if (setuid(uid) != 0)
        exit(1);
    // ruleid: privileges-dropped-in-wrong-order
    if (setgid(gid) != 0)
        exit(1);
}

void drop_unchecked(uid_t uid, gid_t gid)
{
    // ruleid: privilege-drop-unchecked
    setuid(uid);
    // ruleid: privileges-dropped-in-wrong-order, privilege-drop-unchecked
    setgid(gid);
}

void drop_right(uid_t uid, gid_t gid)
{
    // ok: privileges-dropped-in-wrong-order, privilege-drop-unchecked
    if (setgid(gid) != 0)
        exit(1);
    // ok: privileges-dropped-in-wrong-order, privilege-drop-unchecked
    if (setuid(uid) != 0)
        exit(1);
}
