<?php
$mysqli = new mysqli('localhost', 'app', getenv('DB_PASS'), 'shop');
$pdo = new PDO('mysql:host=localhost;dbname=shop', 'app', getenv('DB_PASS'));

$name = $_GET['name'];
// ruleid: sql-injection
$rows = mysqli_query($mysqli, "SELECT * FROM users WHERE name = '$name'");
// ruleid: sql-injection
$rows = $mysqli->query("SELECT * FROM users WHERE name = '" . $_POST['name'] . "'");
$sql = 'SELECT * FROM items';
if (isset($_GET['sort'])) {
    $sql .= ' ORDER BY ' . $_GET['sort'];
}
// ruleid: sql-injection
$rows = $pdo->query($sql);
// ruleid: sql-injection
$statement = $pdo->prepare(sprintf("SELECT * FROM items WHERE title = '%s'", $_COOKIE['title']));

// ok: sql-injection
$statement = $pdo->prepare('SELECT * FROM users WHERE name = ?');
$statement->execute([$_GET['name']]);
$id = (int) $_GET['id'];
// ok: sql-injection
$rows = $pdo->query("SELECT * FROM users WHERE id = $id");
$safe = $mysqli->real_escape_string($_GET['name']);
// ok: sql-injection
$rows = $mysqli->query("SELECT * FROM users WHERE name = '$safe'");

function listItems(PDO $pdo)
{
    $column = $_GET['column'];
    if (!in_array($column, ['name', 'price'], true)) {
        return [];
    }
    // ok: sql-injection
    return $pdo->query("SELECT * FROM items ORDER BY $column");
}

function findUser(PDO $pdo, string $name)
{
    // deepruleid: sql-injection
    return $pdo->query("SELECT * FROM users WHERE name = '" . $name . "'");
}

findUser($pdo, $_GET['name']);
