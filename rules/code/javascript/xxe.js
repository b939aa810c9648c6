const libxmljs = require('libxmljs');
const expat = require('node-expat');

app.post('/import', (req, res) => {
  // ruleid: xxe-libxmljs
  const doc = libxmljs.parseXml(req.body, { noent: true });
  // ruleid: xxe-libxmljs
  const other = libxmljs.parseXmlString(req.body, { dtdload: true, nonet: true });
  // ok: xxe-libxmljs
  const safe = libxmljs.parseXml(req.body);
  // ok: xxe-libxmljs
  const same = libxmljs.parseXml(req.body, { noent: false });
  res.json([doc, other, safe, same].length);
});

app.post('/expat', (req, res) => {
  const parser = new expat.Parser('UTF-8');
  // ruleid: xxe-entity-expansion
  parser.write(req.body);
  // ruleid: xxe-entity-expansion
  parser.parse(req.body.document);
  // ok: xxe-entity-expansion
  parser.write('<a/>');
  res.end();
});

app.post('/json', (req, res) => {
  // ok: xxe-entity-expansion
  log.write(req.body);
  res.end();
});
