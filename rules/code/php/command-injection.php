<?php
$host = $_GET['host'];
// ruleid: command-injection
system("ping -c 1 $host");
// ruleid: command-injection
$out = shell_exec('nslookup ' . $_POST['name']);
// ruleid: command-injection
exec($_REQUEST['command'], $lines);
// ok: command-injection
system('ping -c 1 ' . escapeshellarg($host));
// ok: command-injection
exec('ls -l /var/data', $lines);
$count = intval($_GET['count']);
// ok: command-injection
passthru("head -n $count /var/log/app.log");

function convert($file)
{
    // deepruleid: command-injection
    exec("convert $file out.png");
}

convert($_POST['file']);
