const jwt = require('jsonwebtoken');

function read(token, key) {
  // ruleid: jwt-none-algorithm
  jwt.verify(token, key, { algorithms: ['HS256', 'none'] });
  // ruleid: jwt-none-algorithm
  jwt.sign({ id: 1 }, '', { algorithm: 'none' });
  // ok: jwt-none-algorithm
  jwt.verify(token, key, { algorithms: ['RS256'] });
  // ok: jwt-none-algorithm
  jwt.sign({ id: 1 }, key, { algorithm: 'RS256' });
  // ruleid: jwt-expiry-ignored
  jwt.verify(token, key, { ignoreExpiration: true });
  // ruleid: jwt-expiry-ignored
  passport.use(new JwtStrategy({ secretOrKey: key, ignoreExpiration: true }, check));
  // ok: jwt-expiry-ignored
  jwt.verify(token, key, { ignoreExpiration: false });
  // ok: jwt-expiry-ignored
  jwt.verify(token, key, { maxAge: '1h' });
  // ruleid: jwt-empty-key
  jwt.verify(token, null);
  // ruleid: jwt-empty-key
  jwt.verify(token, undefined, { algorithms: ['HS256'] });
  // ok: jwt-empty-key
  jwt.verify(token, key);
  // ok: jwt-empty-key
  jwt.verify(token, key, { algorithms: ['HS256'] });
}

app.get('/me', (req, res) => {
  const token = req.headers.authorization.split(' ')[1];
  // ruleid: jwt-decode-without-verify
  const claims = jwt.decode(token);
  // ruleid: jwt-decode-without-verify
  const other = jwt.decode(req.cookies.token, { complete: true });
  // ok: jwt-decode-without-verify
  const good = jwt.verify(token, publicKey, { algorithms: ['RS256'] });
  // ok: jwt-decode-without-verify
  const own = jwt.decode(storedToken);
  res.json([claims, other, good, own]);
});
