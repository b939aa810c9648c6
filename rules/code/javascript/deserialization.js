const serialize = require('node-serialize');
const v8 = require('v8');
const yaml = require('js-yaml');
const jsYamlJsTypes = require('js-yaml-js-types');

app.post('/restore', (req, res) => {
  // ruleid: deserialization-functions
  const state = serialize.unserialize(req.cookies.state);
  const raw = Buffer.from(req.body.state, 'base64');
  // ruleid: deserialization-functions
  const other = v8.deserialize(raw);
  // ok: deserialization-functions
  const safe = JSON.parse(req.cookies.state);
  // ok: deserialization-functions
  const own = v8.deserialize(fs.readFileSync('/srv/cache.bin'));
  // ruleid: yaml-load-unsafe-schema
  const a = yaml.load(req.body.text, { schema: yaml.DEFAULT_FULL_SCHEMA });
  // ruleid: yaml-load-unsafe-schema
  const b = yaml.loadAll(req.body.text, null, { schema: yaml.DEFAULT_SCHEMA.extend(jsYamlJsTypes.all) });
  // ok: yaml-load-unsafe-schema
  const c = yaml.load(req.body.text);
  // ok: yaml-load-unsafe-schema
  const d = yaml.load(req.body.text, { schema: yaml.JSON_SCHEMA });
  res.json([state, other, safe, own, a, b, c, d]);
});
