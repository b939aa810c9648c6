using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Formatters.Binary;
using System.Text.Json;
using System.Web.UI;
using System.Xml.Serialization;
using Microsoft.AspNetCore.Mvc;
using Newtonsoft.Json;

public class StateController : Controller
{
    private static readonly Dictionary<string, Type> Kinds = new() { ["order"] = typeof(Order) };

    public object Read(Stream input)
    {
        var formatter = new BinaryFormatter();
        // ruleid: unsafe-deserializer
        return formatter.Deserialize(input);
    }

    public object ReadState(string text)
    {
        // ruleid: unsafe-deserializer
        return new LosFormatter().Deserialize(text);
    }

    public object ReadContract(Stream input)
    {
        // ruleid: unsafe-deserializer
        return new NetDataContractSerializer().ReadObject(input);
    }

    public Order ReadXml(Stream input)
    {
        var serializer = new XmlSerializer(typeof(Order));
        // ok: unsafe-deserializer
        return (Order)serializer.Deserialize(input);
    }

    public Order ReadJson(string text)
    {
        // ok: unsafe-deserializer
        return JsonSerializer.Deserialize<Order>(text);
    }

    public object Settings(string text)
    {
        // ruleid: json-type-names
        var settings = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.All };
        var later = new JsonSerializerSettings();
        // ruleid: json-type-names
        later.TypeNameHandling = TypeNameHandling.Auto;
        // ok: json-type-names
        var none = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.None };
        // ok: json-type-names
        var bound = new JsonSerializerSettings { TypeNameHandling = TypeNameHandling.Auto, SerializationBinder = new KnownTypes() };
        return JsonConvert.DeserializeObject(text, none);
    }

    public IActionResult Import(string kind, string data)
    {
        // ruleid: deserialized-type-from-request
        var serializer = new XmlSerializer(Type.GetType(kind));
        // ruleid: deserialized-type-from-request
        var value = JsonSerializer.Deserialize(data, Type.GetType(Request.Query["type"]));
        // ok: deserialized-type-from-request
        var order = new XmlSerializer(typeof(Order));
        // ok: deserialized-type-from-request
        var known = new XmlSerializer(Kinds[kind]);
        return Ok(value);
    }
}
