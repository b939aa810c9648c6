const express = require('express');
const mongoose = require('mongoose');
const User = mongoose.model('User');
const app = express();

app.post('/login', async (req, res) => {
  // ruleid: nosql-query-object
  const user = await User.findOne({ name: req.body.name, password: req.body.password });
  res.json(user);
});

app.get('/list', async (req, res) => {
  // ruleid: nosql-query-object
  const users = await User.find(req.query);
  // ruleid: nosql-query-object
  await db.collection('log').deleteMany({ owner: req.query.owner });
  res.json(users);
});

app.post('/safe/string', async (req, res) => {
  // ok: nosql-query-object
  const user = await User.findOne({ name: String(req.body.name) });
  const mail = req.body.mail.toString();
  // ok: nosql-query-object
  const other = await User.findOne({ mail });
  // ok: nosql-query-object
  const third = await User.findOne({ mail: { $eq: req.body.mail } });
  const input = loginSchema.parse(req.body);
  // ok: nosql-query-object
  const fourth = await User.findOne({ name: input.name });
  // ok: nosql-query-object
  const first = req.body.items.find((item) => item.id === req.query.id);
  res.json([user, other, third, fourth, first]);
});

app.get('/where', async (req, res) => {
  // ruleid: nosql-where
  const a = await User.find({ $where: `this.name == '${req.query.name}'` });
  // ruleid: nosql-where
  const b = await User.find().$where('this.age > ' + req.query.age);
  // ok: nosql-where
  const c = await User.find({ $where: 'this.visits > this.limit' });
  // ok: nosql-where
  const d = await User.find().$where('this.age > ' + Number(req.query.age));
  res.json([a, b, c, d]);
});

async function byToken(token) {
  // deepruleid: nosql-query-object
  return User.findOne({ token });
}

app.post('/token', async (req, res) => res.json(await byToken(req.body.token)));
