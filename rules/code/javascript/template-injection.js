const ejs = require('ejs');
const pug = require('pug');
const Handlebars = require('handlebars');
const nunjucks = require('nunjucks');
const app = require('express')();
const VIEWS = { home: 'home', about: 'about' };

app.get('/hello', (req, res) => {
  // ruleid: template-injection
  const a = ejs.render(`<p>Hello ${req.query.name}</p>`);
  // ruleid: template-injection
  const b = pug.compile('p Hello ' + req.query.name)();
  const source = req.body.template;
  // ruleid: template-injection
  const c = Handlebars.compile(source)({});
  // ruleid: template-injection
  const d = nunjucks.renderString(source, {});
  res.json([a, b, c, d]);
});

app.get('/safe', (req, res) => {
  // ok: template-injection
  const a = ejs.render('<p>Hello <%= name %></p>', { name: req.query.name });
  // ok: template-injection
  const b = Handlebars.compile('Hello {{name}}')({ name: req.query.name });
  res.json([a, b]);
});

app.get('/profile', (req, res) => {
  // ruleid: template-options-from-request
  res.render('profile', req.query);
  // ruleid: template-options-from-request
  res.render('profile', req.body, (err, html) => res.send(html));
  // ok: template-options-from-request
  res.render('profile', { name: req.query.name });
  // ok: template-options-from-request
  res.render('profile', { title: 'Profile' });
});

app.get('/view', (req, res) => {
  // ruleid: template-view-from-request
  res.render(req.query.view);
  // ruleid: template-view-from-request
  res.render('pages/' + req.params.page, { title: 'Page' });
  // ok: template-view-from-request
  res.render(VIEWS[req.query.view], { title: 'Page' });
  // ok: template-view-from-request
  res.render('home', { name: req.query.name });
});

// ruleid: template-autoescape-off
nunjucks.configure('views', { autoescape: false, express: app });
// ruleid: template-autoescape-off
const raw = Handlebars.compile(text, { noEscape: true });
// ok: template-autoescape-off
nunjucks.configure('views', { autoescape: true, express: app });
// ok: template-autoescape-off
const escaped = Handlebars.compile(text);
