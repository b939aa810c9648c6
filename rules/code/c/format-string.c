#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <syslog.h>

int main(int argc, char *argv[])
{
    char line[256];
    // ruleid: format-string, format-string-variable
    printf(argv[1]);
    // ok: format-string
    printf("%s", argv[1]);
    fgets(line, sizeof line, stdin);
    // ruleid: format-string, format-string-variable
    fprintf(stderr, line);
    // ok: format-string
    fputs(line, stderr);
    return 0;
}

void log_client(int client)
{
    char text[128], message[256];
    recv(client, text, sizeof text, 0);
    snprintf(message, sizeof message, "client said %s", text);
    // ruleid: format-string, format-string-variable
    syslog(LOG_INFO, message);
    // ok: format-string, format-string-variable
    syslog(LOG_INFO, "client said %s", text);
}

void show(const char *text)
{
    // ruleid: format-string-variable
    // deepruleid: format-string
    printf(text);
    // ok: format-string-variable
    printf("ready\n");
    // ok: format-string-variable
    printf(BANNER);
}

void show_shell(void)
{
    show(getenv("SHELL"));
}
