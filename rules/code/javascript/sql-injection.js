const express = require('express');
const { Pool } = require('pg');
const mysql = require('mysql2/promise');
const knex = require('knex')({ client: 'pg' });
const { Sequelize, QueryTypes } = require('sequelize');
const { PrismaClient, Prisma } = require('@prisma/client');

const app = express();
const pool = new Pool();
const prisma = new PrismaClient();
const sequelize = new Sequelize(process.env.DATABASE_URL);
const SORTABLE = ['name', 'price', 'created_at'];

app.get('/users', async (req, res) => {
  // ruleid: sql-injection
  const found = await pool.query(`SELECT id, name FROM users WHERE name = '${req.query.name}'`);
  res.json(found.rows);
});

app.get('/orders/:id', async (req, res) => {
  const { id } = req.params;
  const sql = 'SELECT * FROM orders WHERE id = ' + id;
  // ruleid: sql-injection
  const found = await pool.query(sql);
  res.json(found.rows);
});

app.post('/search', async function (req, res) {
  const connection = await mysql.createConnection({});
  let sql = 'SELECT * FROM items';
  if (req.body.term) {
    sql += " WHERE title LIKE '%" + req.body.term + "%'";
  }
  // ruleid: sql-injection
  const [rows] = await connection.execute(sql);
  res.json(rows);
});

app.get('/report', async (req, res) => {
  const order = req.query.order;
  // ruleid: sql-injection
  const out = await pool.query({ text: `SELECT * FROM report ORDER BY ${order}`, values: [] });
  res.json(out.rows);
});

app.get('/safe/bound', async (req, res) => {
  // ok: sql-injection
  const found = await pool.query('SELECT * FROM users WHERE name = $1', [req.query.name]);
  res.json(found.rows);
});

app.get('/safe/named', async (req, res) => {
  // ok: sql-injection
  const found = await pool.query({ text: 'SELECT * FROM users WHERE name = $1', values: [req.query.name] });
  res.json(found.rows);
});

app.get('/safe/number', async (req, res) => {
  const id = parseInt(req.params.id, 10);
  // ok: sql-injection
  const found = await pool.query(`SELECT * FROM orders WHERE id = ${id}`);
  res.json(found.rows);
});

app.get('/safe/column', async (req, res) => {
  const column = req.query.sort;
  if (!SORTABLE.includes(column)) {
    return res.status(400).end();
  }
  // ok: sql-injection
  const found = await pool.query(`SELECT * FROM items ORDER BY ${column}`);
  res.json(found.rows);
});

app.get('/safe/shape', async (req, res) => {
  const code = req.query.code;
  if (!/^[A-Z]{2,8}$/.test(code)) {
    return res.status(400).end();
  }
  // ok: sql-injection
  const found = await pool.query("SELECT * FROM codes WHERE code = '" + code + "'");
  res.json(found.rows);
});

app.get('/safe/escaped', async (req, res) => {
  const connection = await mysql.createConnection({});
  // ok: sql-injection
  const [rows] = await connection.query('SELECT * FROM users WHERE name = ' + mysql.escape(req.query.name));
  res.json(rows);
});

function findUser(name) {
  const statement = "SELECT * FROM users WHERE name = '" + name + "'";
  // deepruleid: sql-injection
  return pool.query(statement);
}

function findOrder(number) {
  // deepok: sql-injection
  return pool.query('SELECT * FROM orders WHERE number = ' + number);
}

app.get('/deep', async (req, res) => {
  res.json(await findUser(req.query.name));
  res.json(await findOrder(Number(req.query.number)));
});

app.get('/knex', async (req, res) => {
  // ruleid: sql-injection-knex-raw
  const a = await knex.raw(`select * from t where a = '${req.query.a}'`);
  // ruleid: sql-injection-knex-raw
  const b = await knex('t').whereRaw('a = ' + req.query.a);
  // ok: sql-injection-knex-raw
  const c = await knex.raw('select * from t where a = ?', [req.query.a]);
  // ok: sql-injection-knex-raw
  const d = await knex('t').where({ a: req.query.a });
  res.json([a, b, c, d]);
});

app.get('/sequelize', async (req, res) => {
  // ruleid: sql-injection-sequelize
  const a = await sequelize.query("SELECT * FROM t WHERE a = '" + req.query.a + "'", { type: QueryTypes.SELECT });
  const order = req.query.order;
  // ruleid: sql-injection-sequelize
  const b = await Item.findAll({ order: sequelize.literal(order) });
  // ok: sql-injection-sequelize
  const c = await sequelize.query('SELECT * FROM t WHERE a = :a', { replacements: { a: req.query.a } });
  // ok: sql-injection-sequelize
  const d = await Item.findAll({ order: sequelize.literal('price DESC') });
  res.json([a, b, c, d]);
});

app.get('/prisma', async (req, res) => {
  const mail = req.query.mail;
  // ruleid: sql-injection-prisma-unsafe
  const a = await prisma.$queryRawUnsafe(`SELECT * FROM "User" WHERE mail = '${mail}'`);
  // ruleid: sql-injection-prisma-unsafe
  await prisma.$executeRawUnsafe('DELETE FROM "User" WHERE mail = \'' + mail + "'");
  // ok: sql-injection-prisma-unsafe
  const b = await prisma.$queryRaw`SELECT * FROM "User" WHERE mail = ${mail}`;
  // ok: sql-injection-prisma-unsafe
  const c = await prisma.$queryRawUnsafe('SELECT * FROM "User" WHERE mail = $1', mail);
  res.json([a, b, c]);
});
