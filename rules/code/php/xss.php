<?php
// ruleid: xss-reflected
echo 'Hello ' . $_GET['name'];
$city = $_POST['city'];
// ruleid: xss-reflected
print("<p>$city</p>");
// ruleid: xss-reflected
printf('<p>%s</p>', $city);
// ok: xss-reflected
echo 'Hello ' . htmlspecialchars($_GET['name'], ENT_QUOTES);
// ok: xss-reflected
echo 'Page ' . (int) $_GET['page'];
// ok: xss-reflected
echo json_encode(['name' => $_GET['name']]);
// ok: xss-reflected
echo 'Hello ' . $user->name;

function title($text)
{
    // deepruleid: xss-reflected
    echo "<h1>$text</h1>";
}

title($_GET['title']);
