#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    struct node *next;
    char *name;
};

void drop(struct node *n)
{
    free(n);
    // ruleid: use-after-free
    printf("%s\n", n->name);
}

void shout(char *text)
{
    free(text);
    // ruleid: use-after-free
    puts(text);
}

void all(struct node *list)
{
    while (list) {
        struct node *next = list->next;
        // ok: use-after-free
        free(list->name);
        free(list);
        list = next;
    }
}

void again(char *text)
{
    free(text);
    text = strdup("new");
    // ok: use-after-free
    puts(text);
    free(text);
}

int failed(char *buffer, int status)
{
    if (status < 0) {
        free(buffer);
        return -1;
    }
    // ok: use-after-free
    puts(buffer);
    // ok: double-free
    free(buffer);
    return 0;
}

void twice(char *buffer, int status)
{
    if (status < 0)
        free(buffer);
    // ruleid: double-free
    free(buffer);
}

void twice_plain(struct node *n)
{
    char *name = n->name;
    free(name);
    // ruleid: double-free
    free(name);
    // ok: double-free
    free(n);
}

char *label(int n)
{
    char text[32];
    snprintf(text, sizeof text, "label %d", n);
    // ruleid: stack-address-returned
    return text;
}

const char *unit(int n)
{
    char unit_name[8];
    strcpy(unit_name, n > 9 ? "KiB" : "B");
    // ruleid: stack-address-returned
    return unit_name;
}

char *label_static(int n)
{
    static char text[32];
    snprintf(text, sizeof text, "label %d", n);
    // ok: stack-address-returned
    return text;
}

char *label_heap(int n)
{
    char *text = malloc(32);
    snprintf(text, 32, "label %d", n);
    // ok: stack-address-returned
    return text;
}

void clear(char *key, size_t length)
{
    // ruleid: memset-arguments-swapped
    memset(key, length, 0);
    // ruleid: memset-arguments-swapped
    memset(key, sizeof(struct node), 0);
    // ok: memset-arguments-swapped
    memset(key, 0, length);
    // ok: memset-arguments-swapped
    memset(key, 0xff, length);
}
