using System;
using System.Collections.Generic;
using System.Data.SqlClient;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Shop.Controllers;

public class SearchRequest
{
    public string Name { get; set; }
    public int Limit { get; set; }
}

[ApiController]
[Route("api/products")]
public class ProductsController : ControllerBase
{
    private static readonly string[] Columns = { "name", "price" };
    private readonly SqlConnection _connection;
    private readonly ShopContext _db;

    public ProductsController(SqlConnection connection, ShopContext db)
    {
        _connection = connection;
        _db = db;
    }

    [HttpGet("{name}")]
    public IActionResult ByName(string name)
    {
        // ruleid: sql-injection
        var command = new SqlCommand("SELECT * FROM Product WHERE Name = '" + name + "'", _connection);
        command.ExecuteReader();
        // ok: sql-injection
        var bound = new SqlCommand("SELECT * FROM Product WHERE Name = @name", _connection);
        bound.Parameters.AddWithValue("@name", name);
        return Ok(bound.ExecuteReader());
    }

    [HttpGet("sorted")]
    public async Task<IActionResult> Sorted([FromQuery] string sort, [FromQuery] int page)
    {
        // ruleid: sql-injection
        await _connection.QueryAsync<Product>($"SELECT * FROM Product ORDER BY {sort}");
        // ok: sql-injection
        await _connection.QueryAsync<Product>($"SELECT * FROM Product ORDER BY Id OFFSET {page * 20} ROWS");
        // ok: sql-injection
        return Ok(await _connection.QueryAsync<Product>("SELECT * FROM Product WHERE Name = @sort", new { sort }));
    }

    [HttpGet("listed")]
    public IActionResult Listed(string sort)
    {
        if (!Columns.Contains(sort))
        {
            return BadRequest();
        }
        // ok: sql-injection
        return Ok(_connection.Query<Product>("SELECT * FROM Product ORDER BY " + sort));
    }

    [HttpPost]
    public IActionResult Search([FromBody] SearchRequest search)
    {
        var sql = new StringBuilder("SELECT * FROM Product WHERE 1 = 1");
        sql.Append(" AND Name LIKE '%" + search.Name + "%'");
        var command = _connection.CreateCommand();
        // ruleid: sql-injection
        command.CommandText = sql.ToString();
        return Ok(command.ExecuteReader());
    }

    public IActionResult Legacy()
    {
        string id = Request.Query["id"];
        // ruleid: sql-injection
        var adapter = new SqlDataAdapter(string.Format("SELECT * FROM Product WHERE Id = {0}", id), _connection);
        int number = int.Parse(Request.Query["id"]);
        // ok: sql-injection
        var safe = new SqlDataAdapter("SELECT * FROM Product WHERE Id = " + number, _connection);
        return Ok();
    }

    public IActionResult Raw(string name)
    {
        // ruleid: sql-injection-ef
        var found = _db.Products.FromSqlRaw("SELECT * FROM Product WHERE Name = '" + name + "'").ToList();
        // ruleid: sql-injection-ef
        _db.Database.ExecuteSqlRaw($"DELETE FROM Product WHERE Name = '{name}'");
        // ok: sql-injection-ef
        _db.Database.ExecuteSqlRaw("DELETE FROM Product WHERE Name = {0}", name);
        // ok: sql-injection-ef
        var safe = _db.Products.FromSql($"SELECT * FROM Product WHERE Name = {name}").ToList();
        // ok: sql-injection-ef
        var same = _db.Products.FromSqlInterpolated($"SELECT * FROM Product WHERE Name = {name}").ToList();
        return Ok(found);
    }

    public IActionResult Through(string team)
    {
        return Ok(Load(team));
    }

    private object Load(string team)
    {
        // deepruleid: sql-injection
        return _connection.Query("SELECT * FROM Team WHERE Name = '" + team + "'");
    }
}

public static class Program
{
    public static void Main(string[] args)
    {
        var app = WebApplication.Create(args);
        app.MapGet("/users/{login}", (string login, SqlConnection db) =>
        {
            // ruleid: sql-injection
            return db.QueryFirst<string>("SELECT Mail FROM Account WHERE Login = '" + login + "'");
        });
        app.MapGet("/count", (SqlConnection db) =>
        {
            // ok: sql-injection
            return db.ExecuteScalar<int>("SELECT COUNT(*) FROM Account");
        });
        app.MapPost("/find", async (HttpContext context, SqlConnection db) =>
        {
            var form = await context.Request.ReadFormAsync();
            // ruleid: sql-injection
            await db.ExecuteAsync("UPDATE Account SET Seen = 1 WHERE Mail = '" + form["mail"] + "'");
        });
        app.Run();
    }
}
