use axum::extract::{Form, Path, Query};
use axum::response::{Html, Redirect};
use std::process::Command;

async fn find(Path(name): Path<String>, pool: Pool) -> String {
    let sql = format!("SELECT mail FROM account WHERE name = '{}'", name);
    // ruleid: sql-injection
    sqlx::query(&sql).fetch_one(&pool).await;
    // ok: sql-injection
    sqlx::query("SELECT mail FROM account WHERE name = $1").bind(name).fetch_one(&pool).await;
    String::new()
}

async fn remove(path: web::Path<String>, conn: Connection) -> HttpResponse {
    let id = path.into_inner();
    // ruleid: sql-injection
    conn.execute(&format!("DELETE FROM account WHERE id = {}", id), []);
    // ok: sql-injection
    conn.execute("DELETE FROM account WHERE id = ?1", [id]);
    HttpResponse::Ok().finish()
}

async fn ping(Query(params): Query<Params>) -> String {
    // ruleid: command-injection
    Command::new("sh").arg("-c").arg("ping -c 1 ".to_owned() + &params.host).output();
    // ruleid: command-injection
    Command::new(&params.tool).output();
    // ok: command-injection
    Command::new("ping").arg("--").arg(&params.host).output();
    // ok: command-injection
    Command::new("sh").arg("-c").arg("uptime").output();
    String::new()
}

fn archive(label: &str) {
    // ruleid: shell-command-formatted
    Command::new("sh").arg("-c").arg(format!("tar cf {}.tar /srv", label)).status();
    // ruleid: shell-command-formatted
    Command::new("/bin/bash").arg("-c").arg(&format!("rm {}", label)).status();
    // ok: shell-command-formatted
    Command::new("tar").arg("cf").arg(format!("{}.tar", label)).status();
    // ok: shell-command-formatted
    Command::new("sh").arg("-c").arg("uptime").status();
}

async fn read(Path(name): Path<String>) -> String {
    // ruleid: path-traversal
    let text = std::fs::read_to_string(format!("/srv/docs/{}", name));
    // ruleid: path-traversal
    let file = File::open(root.join(&name));
    // ok: path-traversal
    let fixed = std::fs::read_to_string("/srv/docs/index.html");
    String::new()
}

async fn read_checked(Path(name): Path<String>) -> String {
    if name.contains("..") {
        return String::new();
    }
    // ok: path-traversal
    let text = std::fs::read_to_string(format!("/srv/docs/{}", name));
    String::new()
}

async fn fetch(Query(params): Query<Params>) -> String {
    // ruleid: ssrf
    let page = reqwest::get(&params.url).await;
    let client = reqwest::Client::new();
    // ruleid: ssrf
    let other = client.get(format!("http://{}/status", params.host)).send().await;
    // ok: ssrf
    let status = reqwest::get("https://status.example.com/").await;
    // ok: ssrf
    let health = client.get("https://status.example.com/health").send().await;
    String::new()
}

async fn login(Query(params): Query<Params>) -> Redirect {
    if params.forever {
        // ruleid: open-redirect
        return Redirect::permanent(&params.next);
    }
    // ruleid: open-redirect
    Redirect::to(&params.next)
}

async fn logout(Query(params): Query<Params>) -> Redirect {
    if params.forever {
        // ok: open-redirect
        return Redirect::permanent("/goodbye");
    }
    // ok: open-redirect
    Redirect::to("/home")
}

async fn hello(Query(params): Query<Params>) -> Html<String> {
    // ruleid: xss-html-response
    Html(format!("<h1>Hello {}</h1>", params.name))
}

async fn title(Path(title): Path<String>) -> Html<String> {
    let page = "<title>".to_string() + &title;
    // ruleid: xss-html-response
    Html(page)
}

async fn hello_safe(Query(params): Query<Params>) -> Html<String> {
    let name = html_escape::encode_text(&params.name).to_string();
    // ok: xss-html-response
    Html("<h1>Hello ".to_string() + &name)
}

async fn constant(Query(params): Query<Params>) -> Html<String> {
    // ok: xss-html-response
    Html("<h1>Hello</h1>".to_string())
}
