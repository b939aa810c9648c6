const crypto = require('crypto');
const jwt = require('jsonwebtoken');
const session = require('express-session');
const cookieParser = require('cookie-parser');
const mysql = require('mysql2');

// ruleid: hardcoded-crypto-key
crypto.createCipheriv('aes-256-gcm', 'an-example-key-of-thirty-two-byte', iv);
// ruleid: hardcoded-crypto-key
crypto.createHmac('sha256', 'example-mac-key').update(data);
// ok: hardcoded-crypto-key
crypto.createCipheriv('aes-256-gcm', process.env.KEY, iv);
// ok: hardcoded-crypto-key
crypto.createHmac('sha256', key).update(data);

// ruleid: hardcoded-jwt-secret
jwt.sign({ id: 1 }, 'example-signing-secret', { expiresIn: '1h' });
const SIGNING = 'another-example-secret';
// ruleid: hardcoded-jwt-secret
jwt.verify(token, SIGNING);
// ok: hardcoded-jwt-secret
jwt.sign({ id: 1 }, process.env.JWT_SECRET, { expiresIn: '1h' });
// ok: hardcoded-jwt-secret
jwt.verify(token, publicKey, { algorithms: ['RS256'] });

// ruleid: hardcoded-session-secret
app.use(session({ secret: 'example session secret', resave: false }));
// ruleid: hardcoded-session-secret
app.use(cookieParser('example cookie secret'));
// ok: hardcoded-session-secret
app.use(session({ secret: process.env.SESSION_SECRET, resave: false }));
// ok: hardcoded-session-secret
app.use(cookieParser());

// ruleid: hardcoded-database-password
mysql.createConnection({ host: 'db.example', user: 'app', password: 'example-db-pass' });
// ruleid: hardcoded-database-password
new Sequelize('shop', 'app', 'example-db-pass', { dialect: 'postgres' });
// ok: hardcoded-database-password
mysql.createConnection({ host: 'db.example', user: 'app', password: process.env.DB_PASSWORD });
// ok: hardcoded-database-password
mysql.createConnection({ host: 'localhost', user: 'root', password: '' });
