<?php
// ruleid: open-redirect
header('Location: ' . $_GET['next']);
$next = $_POST['next'];
// ruleid: open-redirect
header("Location: $next");
// ok: open-redirect
header('Location: /users/' . $_GET['id']);
// ok: open-redirect
header('Location: /login?next=' . urlencode($next));
$targets = ['home' => '/home'];
// ok: open-redirect
header('Location: ' . $targets[$_GET['next']]);

class LoginController
{
    public function done(Request $request)
    {
        // ruleid: open-redirect
        return redirect($request->input('next'));
    }

    public function out(Request $request)
    {
        // ruleid: open-redirect
        return new RedirectResponse($request->query->get('to'));
    }
}

$from = $_POST['from'];
// ruleid: header-injection
mail('shop@example.org', 'Question', $text, "From: $from");
// ruleid: header-injection
mail('shop@example.org', 'Question', $text, 'Reply-To: ' . $_POST['reply']);
// ok: header-injection
mail('shop@example.org', 'Question', $_POST['text'], 'From: web@example.org');
// ok: header-injection
mail('shop@example.org', 'Question', $text, 'From: ' . str_replace(["\r", "\n"], '', $from));
// ruleid: mail-parameters-from-request
mail('shop@example.org', 'Question', $text, '', '-f' . $_POST['from']);
// ruleid: mail-parameters-from-request
mail('shop@example.org', 'Question', $text, [], "-f$from");
// ok: mail-parameters-from-request
mail('shop@example.org', 'Question', $text, '', '-fweb@example.org');
// ok: mail-parameters-from-request
mail('shop@example.org', 'Question', $_POST['text']);
