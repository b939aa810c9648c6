#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void serve(int client)
{
    char name[128], path[256];
    recv(client, name, sizeof name - 1, 0);
    snprintf(path, sizeof path, "/srv/www/%s", name);
    // ruleid: path-traversal
    FILE *file = fopen(path, "r");
    fclose(file);
    // ok: path-traversal
    int index = open("/srv/www/index.html", O_RDONLY);
}

void cgi(void)
{
    char path[256] = "/srv/www";
    strcat(path, getenv("PATH_INFO"));
    // ruleid: path-traversal
    int fd = open(path, O_RDONLY);
}

void checked(int client)
{
    char name[128], path[256];
    recv(client, name, sizeof name - 1, 0);
    if (strstr(name, "..") != NULL)
        return;
    snprintf(path, sizeof path, "/srv/www/%s", name);
    // ok: path-traversal
    FILE *file = fopen(path, "r");
    fclose(file);
}

void cgi_direct(void)
{
    // ruleid: path-traversal
    FILE *file = fopen(getenv("QUERY_STRING"), "r");
}

int main(int argc, char **argv)
{
    // ok: path-traversal
    FILE *file = fopen(argv[1], "r");
    fclose(file);
    return 0;
}
