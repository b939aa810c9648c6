const ldap = require('ldapjs');
const xpath = require('xpath');
const { EqualityFilter } = ldap;

app.get('/person', (req, res) => {
  // ruleid: ldap-injection
  client.search('ou=people,o=example', { scope: 'sub', filter: `(uid=${req.query.uid})` }, done);
  // ruleid: ldap-injection
  client.search('ou=' + req.query.unit + ',o=example', { scope: 'sub', filter: '(uid=*)' }, done);
  // ok: ldap-injection
  client.search('o=example', { filter: new EqualityFilter({ attribute: 'uid', value: req.query.uid }) }, done);
  // ok: ldap-injection
  client.search('o=example', { scope: 'sub', filter: '(uid=admin)' }, done);
  // ruleid: xpath-injection
  const a = xpath.select("//user[name='" + req.query.name + "']", doc);
  // ruleid: xpath-injection
  const b = xpath.select1(`//user[@id=${req.query.id}]`, doc);
  // ok: xpath-injection
  const c = xpath.select('//user[@id=1]', doc);
  // ok: xpath-injection
  const d = xpath.select(`//user[@id=${Number(req.query.id)}]`, doc);
  res.json([a, b, c, d]);
});
