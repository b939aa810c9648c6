const helmet = require('helmet');

// ruleid: helmet-protection-off
app.use(helmet({ contentSecurityPolicy: false }));
// ruleid: helmet-protection-off
app.use(helmet({ hsts: false, frameguard: { action: 'deny' } }));
// ok: helmet-protection-off
app.use(helmet());
// ok: helmet-protection-off
app.use(helmet({ hsts: { maxAge: 31536000 } }));

const weak = helmet.contentSecurityPolicy({
  // ruleid: csp-unsafe-scripts
  directives: { scriptSrc: ["'self'", "'unsafe-inline'"] },
});
const weaker = helmet.contentSecurityPolicy({
  // ruleid: csp-unsafe-scripts
  directives: { scriptSrc: ["'unsafe-eval'"], imgSrc: ['data:'] },
});
const strict = helmet.contentSecurityPolicy({
  // ok: csp-unsafe-scripts
  directives: { scriptSrc: ["'self'", 'https://cdn.example'] },
});
const images = helmet.contentSecurityPolicy({
  // ok: csp-unsafe-scripts
  directives: { imgSrc: ["'self'", 'data:'] },
});
