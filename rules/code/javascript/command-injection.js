const { exec, execFile, spawn, execSync } = require('child_process');
const cp = require('child_process');
const util = require('util');
const app = require('express')();
const TOOLS = { list: 'ls', count: 'wc' };

app.get('/ping', (req, res) => {
  // ruleid: command-injection
  exec('ping -c 1 ' + req.query.host, (err, out) => res.send(out));
});

app.post('/convert', (req, res) => {
  const file = req.body.file;
  const command = `convert ${file} -resize 100x100 out.png`;
  // ruleid: command-injection
  execSync(command);
  // ruleid: command-injection
  spawn('convert ' + file, { shell: true });
  // ruleid: command-injection
  cp.spawn('sh', ['-c', `convert ${file}`]);
  res.end();
});

app.get('/run', (req, res) => {
  // ruleid: command-program-from-request
  const child = spawn(req.query.tool, ['--version']);
  // ruleid: command-program-from-request
  execFile(req.query.tool);
  child.stdout.pipe(res);
});

app.get('/safe', (req, res) => {
  // ok: command-injection, command-program-from-request
  execFile('ping', ['-c', '1', req.query.host], (err, out) => res.json({ out }));
  // ok: command-injection
  exec('ls -l /var/data', (err, out) => res.json({ out }));
  const count = Number(req.query.count);
  // ok: command-injection
  exec(`head -n ${count} /var/log/app.log`);
  const tool = TOOLS[req.query.tool];
  // ok: command-program-from-request
  spawn(tool, ['/var/data']);
});

function archive(directory) {
  // deepruleid: command-injection
  exec(`tar czf backup.tgz ${directory}`);
}

app.post('/archive', (req, res) => {
  archive(req.body.directory);
  res.end();
});
