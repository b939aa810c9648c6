app.get('/headers', (req, res) => {
  // ruleid: header-injection
  res.setHeader(req.query.name, 'on');
  // ruleid: header-injection
  res.setHeader('Set-Cookie', 'lang=' + req.query.lang);
  // ok: header-injection
  res.setHeader('X-Page', '1');
  // ok: header-injection
  res.setHeader('Set-Cookie', 'lang=' + encodeURIComponent(req.query.lang));
  // ruleid: log-injection
  console.log('login of ' + req.body.name);
  // ruleid: log-injection
  logger.info(`login of ${req.body.name}`);
  // ok: log-injection
  logger.info('login', { name: req.body.name });
  // ok: log-injection
  console.log('login of ' + JSON.stringify(req.body.name));
  res.end();
});
