#include <curl/curl.h>
#include <libpq-fe.h>
#include <mysql/mysql.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
    sqlite3 *db;
    char sql[256];
    sqlite3_open("shop.db", &db);
    snprintf(sql, sizeof sql, "SELECT * FROM item WHERE name = '%s'", argv[1]);
    // ruleid: sql-injection
    sqlite3_exec(db, sql, NULL, NULL, NULL);
    // ruleid: sql-injection
    sqlite3_exec(db, argv[2], NULL, NULL, NULL);
    sqlite3_stmt *stmt;
    // ok: sql-injection
    sqlite3_prepare_v2(db, "SELECT * FROM item WHERE name = ?", -1, &stmt, NULL);
    sqlite3_bind_text(stmt, 1, argv[1], -1, SQLITE_TRANSIENT);
    char *quoted = sqlite3_mprintf("SELECT * FROM item WHERE name = %Q", argv[1]);
    // ok: sql-injection
    sqlite3_exec(db, quoted, NULL, NULL, NULL);
    return 0;
}

void lookup(int client, PGconn *pg, MYSQL *my)
{
    char name[64], sql[256];
    recv(client, name, sizeof name - 1, 0);
    sprintf(sql, "SELECT mail FROM account WHERE name = '%.60s'", name);
    // ruleid: sql-injection
    PQexec(pg, sql);
    // ruleid: sql-injection
    mysql_query(my, sql);
    const char *values[] = { name };
    // ok: sql-injection
    PQexecParams(pg, "SELECT mail FROM account WHERE name = $1", 1, NULL, values, NULL, NULL, 0);
}

void fetch(int client, CURL *curl)
{
    char url[256], line[300];
    recv(client, url, sizeof url - 1, 0);
    // ruleid: ssrf
    curl_easy_setopt(curl, CURLOPT_URL, url);
    snprintf(line, sizeof line, "http://%s/status", url);
    // ruleid: ssrf
    curl_easy_setopt(curl, CURLOPT_URL, line);
    // ok: ssrf
    curl_easy_setopt(curl, CURLOPT_URL, "https://status.example.com/");
    // ok: ssrf
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, url);
}
