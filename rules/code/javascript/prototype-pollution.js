const _ = require('lodash');
const deepmerge = require('deepmerge');

app.post('/settings', (req, res) => {
  // ruleid: prototype-pollution-merge
  _.merge(settings, req.body);
  // ruleid: prototype-pollution-merge
  const all = deepmerge(settings, req.body.settings);
  // ok: prototype-pollution-merge
  const copy = { ...settings, theme: req.body.theme };
  // ok: prototype-pollution-merge
  _.merge(settings, defaults);
  // ok: prototype-pollution-merge
  _.merge(settings, _.pick(req.body, ['theme']));
  res.json([all, copy]);
});

app.post('/set', (req, res) => {
  // ruleid: prototype-pollution-path
  _.set(settings, req.body.path, req.body.value);
  // ruleid: prototype-pollution-path
  store[req.body.group][req.body.key] = 1;
  // ok: prototype-pollution-path
  _.set(settings, 'theme', req.body.value);
  const key = req.body.key;
  if (!ALLOWED_KEYS.includes(key)) return;
  // ok: prototype-pollution-path
  settings.user[key] = req.body.value;
  res.end();
});
