const https = require('https');
const tls = require('tls');
const axios = require('axios');

// ruleid: tls-verification-off
const agent = new https.Agent({ rejectUnauthorized: false });
// ruleid: tls-verification-off
const socket = tls.connect(443, 'db.example', { rejectUnauthorized: false });
// ruleid: tls-verification-off
const pool = new Pool({ host: 'db.example', ssl: { rejectUnauthorized: false } });
// ok: tls-verification-off
const good = new https.Agent({ rejectUnauthorized: true });
// ok: tls-verification-off
const own = new https.Agent({ ca: fs.readFileSync('ca.pem') });

// ruleid: tls-verification-off-process
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
// ruleid: tls-verification-off-process
process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = 0;
// ok: tls-verification-off-process
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '1';
// ok: tls-verification-off-process
process.env.NODE_EXTRA_CA_CERTS = '/etc/ssl/own.pem';

// ruleid: tls-old-version
https.createServer({ minVersion: 'TLSv1', key, cert }, handler);
// ruleid: tls-old-version
const old = new https.Agent({ secureProtocol: 'SSLv3_method' });
// ok: tls-old-version
https.createServer({ minVersion: 'TLSv1.2', key, cert }, handler);
// ok: tls-old-version
const modern = new https.Agent({ minVersion: 'TLSv1.3' });

// ruleid: plain-http-credentials
axios.get('http://api.example/me', { auth: { username, password } });
// ruleid: plain-http-credentials
fetch('http://api.example/me', { headers: { Authorization: `Bearer ${token}` } });
// ok: plain-http-credentials
axios.get('https://api.example/me', { auth: { username, password } });
// ok: plain-http-credentials
fetch('http://localhost:8080/me', { headers: { Authorization: token } });
