using Microsoft.AspNetCore.Mvc;
using MongoDB.Bson;
using MongoDB.Driver;

public class UsersController : Controller
{
    private readonly IMongoCollection<User> _users;

    public IActionResult Find(string name)
    {
        // ruleid: nosql-injection
        var filter = BsonDocument.Parse("{ name: '" + name + "' }");
        // ruleid: nosql-injection
        var where = new BsonDocument("$where", $"this.name == '{name}'");
        // ok: nosql-injection
        var typed = Builders<User>.Filter.Eq(u => u.Name, name);
        // ok: nosql-injection
        var constant = BsonDocument.Parse("{ active: true }");
        return Json(_users.Find(filter).ToList());
    }
}
