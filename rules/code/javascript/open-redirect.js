const app = require('express')();

app.get('/login', (req, res) => {
  // ruleid: open-redirect
  res.redirect(req.query.next);
  const { target } = req.query;
  // ruleid: open-redirect
  res.redirect(302, target);
  // ruleid: open-redirect
  res.setHeader('Location', 'https://' + req.query.host);
  // ok: open-redirect
  res.redirect('/users/' + req.params.id);
  // ok: open-redirect
  res.redirect(`/users/${req.params.id}`);
  // ok: open-redirect
  res.redirect('/login?next=' + encodeURIComponent(req.query.next));
});

app.get('/checked', (req, res) => {
  const next = req.query.next;
  if (!ALLOWED_TARGETS.has(next)) return res.redirect('/');
  // ok: open-redirect
  res.redirect(next);
});

function leave(res, where) {
  // deepruleid: open-redirect
  res.redirect(where);
}

app.get('/out', (req, res) => leave(res, req.query.to));
