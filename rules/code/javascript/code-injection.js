const vm = require('vm');
const app = require('express')();
const PLUGINS = { csv: './plugins/csv', xml: './plugins/xml' };

app.get('/calc', (req, res) => {
  // ruleid: code-injection
  const value = eval(req.query.expression);
  // ruleid: code-injection
  const fn = new Function('x', 'return ' + req.query.body);
  // ruleid: code-injection
  vm.runInNewContext(`result = ${req.body.code}`, {});
  res.json({ value, again: fn(2) });
});

app.get('/later', (req, res) => {
  // ruleid: code-injection-timer
  setTimeout("notify('" + req.query.name + "')", 1000);
  // ruleid: code-injection-timer
  setInterval(`poll('${req.query.name}')`, 1000);
  // ok: code-injection-timer
  setTimeout(() => notify(req.query.name), 1000);
  // ok: code-injection-timer
  setTimeout(notify, Number(req.query.delay));
  res.end();
});

app.get('/plugin', (req, res) => {
  // ruleid: dynamic-require
  const plugin = require('./plugins/' + req.query.name);
  // ruleid: dynamic-require
  import(req.query.name).then((loaded) => loaded.run());
  // ok: dynamic-require
  const fixed = require(PLUGINS[req.query.name]);
  // ok: dynamic-require
  const other = require('./plugins/csv');
  res.json([plugin, fixed, other]);
});

app.get('/safe', (req, res) => {
  // ok: code-injection
  const data = JSON.parse(req.query.data);
  // ok: code-injection
  const sum = eval('1 + 2');
  res.json({ data, sum });
});

function evaluate(formula) {
  // deepruleid: code-injection
  return new Function(`return (${formula})`)();
}

app.post('/formula', (req, res) => res.json(evaluate(req.body.formula)));
