const fs = require('fs');
const path = require('path');
const app = require('express')();
const ROOT_DIR = '/srv/files';

app.get('/file', (req, res) => {
  // ruleid: path-traversal
  const text = fs.readFileSync('./files/' + req.query.name, 'utf8');
  const target = path.join(ROOT_DIR, req.params.name);
  // ruleid: path-traversal
  fs.createReadStream(target).pipe(res);
  // ruleid: path-traversal-send-file
  res.sendFile(path.resolve(ROOT_DIR, req.query.name));
  // ruleid: path-traversal-send-file
  res.download(`/srv/files/${req.query.name}`);
  return text;
});

app.get('/safe', (req, res) => {
  const name = path.basename(req.query.name);
  // ok: path-traversal
  fs.readFile(path.join(ROOT_DIR, name), () => {});
  const target = path.resolve(ROOT_DIR, req.query.name);
  if (!target.startsWith(ROOT_DIR + path.sep)) {
    return res.status(403).end();
  }
  // ok: path-traversal
  fs.createReadStream(target).pipe(res);
  // ok: path-traversal
  fs.writeFile('/srv/files/last.txt', req.query.name, () => {});
  // ok: path-traversal-send-file
  res.sendFile(req.query.file, { root: ROOT_DIR });
  // ok: path-traversal-send-file
  res.sendFile('/srv/files/index.html');
});

function load(name) {
  // deepruleid: path-traversal
  return fs.readFileSync(path.join(ROOT_DIR, name));
}

app.get('/load', (req, res) => res.end(load(req.query.name)));

app.post('/upload', (req, res) => {
  // ruleid: path-traversal-upload-name
  fs.writeFileSync(path.join('/srv/uploads', req.file.originalname), req.file.buffer);
  // ruleid: path-traversal-upload-name
  fs.renameSync(req.file.path, '/srv/uploads/' + req.file.originalname);
  // ok: path-traversal-upload-name
  fs.renameSync(req.file.path, '/srv/uploads/' + crypto.randomUUID() + path.extname(req.file.originalname));
  // ok: path-traversal-upload-name
  fs.writeFileSync(path.join('/srv/uploads', path.basename(req.file.originalname)), req.file.buffer);
  res.end();
});
