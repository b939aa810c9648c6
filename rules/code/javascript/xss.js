const escapeHtml = require('escape-html');
const app = require('express')();
const http = require('http');

app.get('/hello', (req, res) => {
  // ruleid: xss-reflected
  res.send('<h1>Hello ' + req.query.name + '</h1>');
  const { city } = req.query;
  // ruleid: xss-reflected
  res.status(404).send(`<p>No shop in ${city}</p>`);
  // ruleid: xss-reflected
  res.write(`<b>${req.params.id}</b>`);
});

http.createServer((req, res) => {
  // ruleid: xss-reflected
  res.end('<p>not found: ' + req.url + '</p>');
});

router.get('/koa', async (ctx) => {
  // ruleid: xss-reflected
  ctx.body = `<p>${ctx.query.name}</p>`;
  // ok: xss-reflected
  ctx.body = { name: ctx.query.name };
});

app.get('/safe', (req, res) => {
  // ok: xss-reflected
  res.send('<h1>Hello ' + escapeHtml(req.query.name) + '</h1>');
  // ok: xss-reflected
  res.json({ name: req.query.name });
  // ok: xss-reflected
  res.send({ name: req.query.name });
  const page = parseInt(req.query.page, 10);
  // ok: xss-reflected
  res.send(`<p>Page ${page}</p>`);
  // ok: xss-reflected
  res.render('hello', { name: req.query.name });
});

function greeting(name) {
  return '<h1>Welcome ' + name + '</h1>';
}

app.get('/deep', (req, res) => {
  // ruleid: xss-reflected
  res.send(greeting(req.query.name));
});

app.use((err, req, res, next) => {
  // ruleid: xss-html-response-from-error
  res.status(500).send(err.stack);
  // ruleid: xss-html-response-from-error
  res.json({ error: err.message, trace: err.stack });
  console.error(err.stack);
  // ok: xss-html-response-from-error
  res.status(500).send('something went wrong');
  // ok: xss-html-response-from-error
  res.json({ error: 'internal' });
});
