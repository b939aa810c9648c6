#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char line[256];
    snprintf(line, sizeof line, "ls -l %s", argv[1]);
    // ruleid: command-injection
    system(line);
    // ok: command-injection
    system("ls -l /srv");
    // ok: command-injection
    execl("/bin/ls", "ls", "-l", "--", argv[1], (char *)NULL);
    return 0;
}

void ping(int client)
{
    char host[128], line[256];
    recv(client, host, sizeof host - 1, 0);
    strcpy(line, "ping -c 1 ");
    strcat(line, host);
    // ruleid: command-injection
    FILE *out = popen(line, "r");
    pclose(out);
}

void editor(void)
{
    char *editor = getenv("EDITOR");
    // ruleid: command-injection
    execlp(editor, editor, "notes.txt", (char *)NULL);
}

void renice(void)
{
    char line[64];
    int pid = atoi(getenv("TARGET"));
    snprintf(line, sizeof line, "renice 10 %d", pid);
    // ok: command-injection
    system(line);
}

void known(void)
{
    char *mode = getenv("MODE");
    if (strcmp(mode, "fast") != 0)
        return;
    // ok: command-injection
    system(mode);
}

static void run(const char *command)
{
    // deepruleid: command-injection
    system(command);
}

void hook(void)
{
    run(getenv("HOOK"));
}
