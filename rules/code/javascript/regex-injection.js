const _ = require('lodash');

app.get('/search', (req, res) => {
  // ruleid: regex-injection
  const a = items.filter((item) => new RegExp(req.query.q, 'i').test(item));
  const q = req.query.q;
  // ruleid: regex-injection
  const b = RegExp('^' + q);
  // ok: regex-injection
  const c = new RegExp(_.escapeRegExp(q), 'i');
  // ok: regex-injection
  const d = new RegExp('^[a-z]+$');
  res.json([a, b, c, d]);
});

function check(text) {
  // ruleid: regex-backtracking
  if (/^(a+)+$/.test(text)) return true;
  // ruleid: regex-backtracking
  if (text.match(/^([a-z]+)*\d$/)) return true;
  // ok: regex-backtracking
  if (/^[a-z]+$/.test(text)) return true;
  // ok: regex-backtracking
  return new RegExp('^\\d{3}-\\d{4}$').test(text);
}
