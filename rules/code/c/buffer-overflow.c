#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void read_line(void)
{
    char line[80];
    // ruleid: gets
    gets(line);
    // ruleid: gets
    if (gets(line) == NULL)
        return;
    // ok: gets
    fgets(line, sizeof line, stdin);
    // ok: gets
    puts(line);
}

int main(int argc, char **argv)
{
    char name[32];
    char path[64];
    // ruleid: unbounded-copy-of-input
    strcpy(name, argv[1]);
    char *home = getenv("HOME");
    // ruleid: unbounded-copy-of-input
    sprintf(path, "%s/.config", home);
    // ok: unbounded-copy-of-input
    snprintf(path, sizeof path, "%s/.config", home);
    // ok: unbounded-copy-of-input
    strcpy(name, "default");
    return 0;
}

void greet(int client)
{
    char in[512], out[64];
    recv(client, in, sizeof in - 1, 0);
    strcpy(out, "hello ");
    // ruleid: unbounded-copy-of-input
    strcat(out, in);
}

void checked(void)
{
    char shell[64];
    const char *value = getenv("SHELL");
    if (value == NULL || strlen(value) >= sizeof shell)
        return;
    // ok: unbounded-copy-of-input
    strcpy(shell, value);
}

void copy_name(char *to, const char *from)
{
    // deepruleid: unbounded-copy-of-input
    strcpy(to, from);
}

void user_name(void)
{
    char user[16];
    copy_name(user, getenv("USER"));
}

void words(void)
{
    char word[32];
    int n;
    // ruleid: scanf-unbounded
    scanf("%s", word);
    // ruleid: scanf-unbounded
    fscanf(stdin, "%d %s", &n, word);
    // ok: scanf-unbounded
    scanf("%31s", word);
    // ok: scanf-unbounded
    scanf("%d", &n);
}

void packet(int client)
{
    unsigned char body[256], head[4];
    recv(client, head, 4, 0);
    int length = head[0] << 8 | head[1];
    // ruleid: copy-length-from-input
    memcpy(body, head + 4, length);
    int count = atoi(getenv("COUNT"));
    // ruleid: copy-length-from-input
    memset(body, 0, count);
    if (length > sizeof body)
        return;
    // ok: copy-length-from-input
    memcpy(body, head + 4, length);
    // ok: copy-length-from-input
    memcpy(body, head, sizeof head);
}

void table(void)
{
    int rows = atoi(getenv("ROWS"));
    // ruleid: allocation-size-overflow
    int *cells = malloc(rows * sizeof(int));
    // ruleid: allocation-size-overflow
    cells = realloc(cells, rows * sizeof(int));
    // ok: allocation-size-overflow
    int *safe = calloc(rows, sizeof(int));
    if (rows > 1000)
        return;
    // ok: allocation-size-overflow
    int *bounded = malloc(rows * sizeof(int));
    free(cells);
    free(safe);
    free(bounded);
}

void join(const char *a, const char *b)
{
    char out[64] = "";
    // ruleid: strncat-size-of-buffer
    strncat(out, a, sizeof(out));
    // ruleid: strncat-size-of-buffer
    strncat(out, b, sizeof(out) - strlen(out));
    // ok: strncat-size-of-buffer
    strncat(out, b, sizeof(out) - strlen(out) - 1);
    // ok: strncat-size-of-buffer
    strncat(out, b, 8);
}

void terminate(int fd)
{
    char line[128];
    // ruleid: off-by-one-terminator
    line[128] = '\0';
    // ok: off-by-one-terminator
    line[127] = '\0';
    ssize_t n = read(fd, line, sizeof(line));
    // ruleid: off-by-one-terminator
    line[n] = '\0';
    ssize_t m = read(fd, line, sizeof(line) - 1);
    // ok: off-by-one-terminator
    line[m] = '\0';
}

void copies(const char *from)
{
    char to[16], other[16], third[16];
    // ruleid: strncpy-unterminated
    strncpy(to, from, sizeof(to));
    // ok: strncpy-unterminated
    strncpy(other, from, sizeof(other));
    other[sizeof(other) - 1] = '\0';
    // ok: strncpy-unterminated
    strncpy(third, "short", sizeof(third));
    puts(to);
}

void again(const char *from)
{
    char to[16];
    // ruleid: strncpy-unterminated
    strncpy(to, from, sizeof(to));
    puts(to);
}

char *duplicate(const char *text)
{
    // ruleid: allocation-without-terminator
    char *copy = malloc(strlen(text));
    strcpy(copy, text);
    return copy;
}

char *duplicate_into(char *copy, const char *text)
{
    // ruleid: allocation-without-terminator
    copy = malloc(strlen(text));
    if (copy == NULL)
        return NULL;
    strcpy(copy, text);
    return copy;
}

char *duplicate_right(const char *text)
{
    // ok: allocation-without-terminator
    char *copy = malloc(strlen(text) + 1);
    strcpy(copy, text);
    return copy;
}

void *duplicate_bytes(const char *text)
{
    // ok: allocation-without-terminator
    char *copy = malloc(strlen(text));
    memcpy(copy, text, strlen(text));
    return copy;
}
