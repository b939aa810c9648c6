<?php
// ruleid: path-traversal
readfile('/srv/files/' . $_GET['file']);
$name = $_POST['name'];
// ruleid: path-traversal
file_put_contents("/srv/files/$name", $data);
// ruleid: path-traversal
unlink('/srv/files/' . $name);
// ok: path-traversal
readfile('/srv/files/' . basename($_GET['file']));
// ok: path-traversal
file_put_contents('/srv/files/last.txt', $_POST['text']);

function show()
{
    $path = realpath('/srv/files/' . $_GET['file']);
    if (!str_starts_with($path, '/srv/files/')) {
        return;
    }
    // ok: path-traversal
    readfile($path);
}

// ruleid: upload-name-kept
move_uploaded_file($_FILES['photo']['tmp_name'], 'uploads/' . $_FILES['photo']['name']);
$target = 'uploads/' . basename($_FILES['photo']['name']);
// ruleid: upload-name-kept
move_uploaded_file($_FILES['photo']['tmp_name'], $target);
// ok: upload-name-kept
move_uploaded_file($_FILES['photo']['tmp_name'], 'uploads/' . bin2hex(random_bytes(16)) . '.png');
// ok: upload-name-kept
move_uploaded_file($_FILES['photo']['tmp_name'], 'uploads/' . sha1($_FILES['photo']['name']) . '.png');
