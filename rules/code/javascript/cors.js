const cors = require('cors');

// ruleid: cors-reflected-origin
app.use(cors({ origin: true, credentials: true }));
// ruleid: cors-reflected-origin
app.enableCors({ credentials: true, origin: '*' });
// ok: cors-reflected-origin
app.use(cors({ origin: ['https://app.example'], credentials: true }));
// ok: cors-reflected-origin
app.use(cors({ origin: '*' }));

app.use((req, res, next) => {
  // ruleid: cors-header-from-request
  res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
  const origin = req.get('Origin');
  // ruleid: cors-header-from-request
  res.header('Access-Control-Allow-Origin', origin || '*');
  // ok: cors-header-from-request
  res.setHeader('Access-Control-Allow-Origin', 'https://app.example');
  next();
});

app.use((req, res, next) => {
  const origin = req.headers.origin;
  if (ALLOWED_ORIGINS.includes(origin)) {
    // ok: cors-header-from-request
    res.setHeader('Access-Control-Allow-Origin', origin);
  }
  next();
});

// ruleid: csrf-methods-ignored
app.use(csurf({ cookie: true, ignoreMethods: ['GET', 'POST'] }));
// ruleid: csrf-methods-ignored
const protection = doubleCsrf({ getSecret, ignoredMethods: ['GET', 'DELETE'] });
// ok: csrf-methods-ignored
app.use(csurf({ cookie: true, ignoreMethods: ['GET', 'HEAD'] }));
// ok: csrf-methods-ignored
app.use(csurf({ cookie: true }));
