const crypto = require('crypto');
const CryptoJS = require('crypto-js');
const bcrypt = require('bcrypt');

function hashes(data, password, user) {
  // ruleid: weak-hash
  const a = crypto.createHash('md5').update(data).digest('hex');
  // ruleid: weak-hash
  const b = crypto.createSign('RSA-SHA1');
  // ok: weak-hash
  const c = crypto.createHash('sha256').update(data).digest('hex');
  // ok: weak-hash
  const d = crypto.createHmac('sha512', key);
  // ruleid: weak-hash-password
  const e = crypto.createHash('sha256').update(password).digest('hex');
  // ruleid: weak-hash-password
  const f = crypto.createHash('sha1').update(user.password + salt).digest('hex');
  // ok: weak-hash-password
  const g = crypto.createHash('sha256').update(data).digest('hex');
  // ok: weak-hash-password
  const h = crypto.scryptSync(password, salt, 64);
  return [a, b, c, d, e, f, g, h];
}

function ciphers(key, text, iv) {
  // ruleid: weak-cipher
  const a = crypto.createCipheriv('des-ede3-cbc', key, iv);
  // ruleid: weak-cipher
  const b = crypto.createDecipheriv('aes-128-ecb', key, null);
  // ok: weak-cipher
  const c = crypto.createCipheriv('aes-256-gcm', key, iv);
  // ok: weak-cipher
  const d = crypto.createCipheriv('chacha20-poly1305', key, iv);
  // ruleid: weak-cipher-cryptojs
  const e = CryptoJS.DES.encrypt(text, key);
  // ruleid: weak-cipher-cryptojs
  const f = CryptoJS.AES.encrypt(text, key, { mode: CryptoJS.mode.ECB });
  // ok: weak-cipher-cryptojs
  const g = CryptoJS.AES.encrypt(text, key, { mode: CryptoJS.mode.CTR, iv });
  // ok: weak-cipher-cryptojs
  const h = CryptoJS.SHA256(text);
  // ruleid: cipher-without-iv
  const i = crypto.createCipher('aes-256-cbc', key);
  // ruleid: cipher-without-iv
  const j = crypto.createDecipher('aes-256-cbc', key);
  // ok: cipher-without-iv
  const k = crypto.createCipheriv('aes-256-cbc', key, iv);
  // ok: cipher-without-iv
  const l = crypto.createDecipheriv('aes-256-cbc', key, iv);
  // ruleid: static-iv
  const m = crypto.createCipheriv('aes-256-cbc', key, '0123456789abcdef');
  // ruleid: static-iv
  const n = crypto.createCipheriv('aes-256-gcm', key, Buffer.alloc(12));
  // ok: static-iv
  const o = crypto.createCipheriv('aes-256-gcm', key, crypto.randomBytes(12));
  // ok: static-iv
  const p = crypto.createCipheriv('aes-256-gcm', key, iv);
  return [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
}

function secrets(user) {
  // ruleid: weak-random
  const token = Math.random().toString(36).slice(2);
  // ruleid: weak-random
  user.resetToken = 'r' + Math.random();
  // ok: weak-random
  const colour = Math.floor(Math.random() * 255);
  // ok: weak-random
  const csrf = crypto.randomBytes(16).toString('hex');
  return [token, colour, csrf];
}

function generatePassword() {
  let text = '';
  for (let i = 0; i < 12; i++) {
    // ruleid: weak-random-function
    text += LETTERS[Math.floor(Math.random() * LETTERS.length)];
  }
  return text;
}

function createSessionId() {
  // ruleid: weak-random-function
  return Math.random().toString(16);
}

function rollDice() {
  // ok: weak-random-function
  return 1 + Math.floor(Math.random() * 6);
}

function generateToken() {
  // ok: weak-random-function
  return crypto.randomUUID();
}

async function derive(password, salt) {
  // ruleid: weak-key-derivation
  const a = crypto.pbkdf2Sync(password, salt, 1000, 64, 'sha512');
  // ruleid: weak-key-derivation
  const b = await bcrypt.hash(password, 4);
  // ok: weak-key-derivation
  const c = crypto.pbkdf2Sync(password, salt, 600000, 64, 'sha512');
  // ok: weak-key-derivation
  const d = await bcrypt.hash(password, 12);
  return [a, b, c, d];
}

// ruleid: weak-rsa-key
crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
// ruleid: weak-rsa-key
crypto.generateKeyPair('rsa', { modulusLength: 512, publicKeyEncoding: spki }, done);
// ok: weak-rsa-key
crypto.generateKeyPairSync('rsa', { modulusLength: 3072 });
// ok: weak-rsa-key
crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
