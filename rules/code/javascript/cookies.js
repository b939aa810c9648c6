app.get('/login', (req, res) => {
  // ruleid: cookie-not-http-only
  res.cookie('sid', sid, { httpOnly: false, secure: true });
  // ruleid: cookie-not-secure
  res.cookie('sid', sid, { httpOnly: true, secure: false });
  // ok: cookie-not-http-only, cookie-not-secure, cookie-session-without-options, cookie-same-site-none
  res.cookie('sid', sid, { httpOnly: true, secure: true, sameSite: 'lax' });
  // ok: cookie-not-http-only, cookie-not-secure, cookie-session-without-options, cookie-same-site-none
  res.cookie('theme', 'dark');
  // ruleid: cookie-session-without-options
  res.cookie('session_token', token);
  // ruleid: cookie-session-without-options
  res.status(200).cookie('jwt', token);
  // ruleid: cookie-same-site-none
  res.cookie('sid', sid, { sameSite: 'none', secure: true });
  res.end();
});

// ruleid: cookie-not-http-only
app.use(session({ secret, cookie: { httpOnly: false } }));
// ruleid: cookie-not-secure
app.use(session({ secret, cookie: { secure: false } }));
// ruleid: cookie-same-site-none
app.use(session({ secret, cookie: { sameSite: 'None', secure: true } }));
