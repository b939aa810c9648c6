const axios = require('axios');
const http = require('http');
const app = require('express')();
const FEEDS = { news: 'https://news.example/feed' };

app.get('/proxy', async (req, res) => {
  // ruleid: ssrf
  const a = await axios.get(req.query.url);
  // ruleid: ssrf
  const b = await fetch(`http://${req.query.host}/status`);
  // ruleid: ssrf
  const c = await axios({ method: 'get', url: req.body.callback });
  // ruleid: ssrf
  http.get({ hostname: req.query.host, path: '/' }, (answer) => answer.pipe(res));
  res.json([a.data, b.status, c.data]);
});

app.get('/safe', async (req, res) => {
  // ok: ssrf
  const a = await axios.get('https://api.example/users/' + req.params.id);
  // ok: ssrf
  const b = await fetch(`https://api.example/users/${req.params.id}`);
  // ok: ssrf
  const c = await axios.post('https://api.example/users', req.body);
  // ok: ssrf
  const d = await fetch(FEEDS[req.query.feed]);
  const host = req.query.host;
  if (!ALLOWED_HOSTS.includes(host)) return res.status(400).end();
  // ok: ssrf
  const e = await fetch('https://' + host + '/status');
  res.json([a, b, c, d, e]);
});

async function download(address) {
  // deepruleid: ssrf
  return axios.get(address, { responseType: 'stream' });
}

app.post('/import', async (req, res) => res.json(await download(req.body.address)));
