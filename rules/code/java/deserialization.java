package objects;

import com.alibaba.fastjson.parser.ParserConfig;
import com.esotericsoftware.kryo.Kryo;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.jsontype.impl.LaissezFaireSubTypeValidator;
import com.thoughtworks.xstream.XStream;
import com.thoughtworks.xstream.security.AnyTypePermission;
import jakarta.servlet.http.HttpServletRequest;
import java.beans.XMLDecoder;
import java.io.*;
import java.util.Base64;
import javax.naming.InitialContext;
import org.springframework.web.bind.annotation.*;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class ImportController {
    Object stream(HttpServletRequest req) throws Exception {
        ObjectInputStream in = new ObjectInputStream(req.getInputStream());
        // ruleid: unsafe-deserialization
        return in.readObject();
    }

    Object cookie(HttpServletRequest req) throws Exception {
        byte[] bytes = Base64.getDecoder().decode(req.getHeader("X-State"));
        // ruleid: unsafe-deserialization
        return new ObjectInputStream(new ByteArrayInputStream(bytes)).readObject();
    }

    @PostMapping("/beans")
    Object beans(@RequestBody byte[] body) {
        XMLDecoder decoder = new XMLDecoder(new ByteArrayInputStream(body));
        // ruleid: unsafe-deserialization
        return decoder.readObject();
    }

    Object xstream(HttpServletRequest req, XStream xs) throws Exception {
        // ruleid: unsafe-deserialization
        return xs.fromXML(req.getReader());
    }

    Object filtered(HttpServletRequest req) throws Exception {
        ObjectInputStream in = new ObjectInputStream(req.getInputStream());
        in.setObjectInputFilter(ObjectInputFilter.Config.createFilter("objects.Order;!*"));
        // ok: unsafe-deserialization
        return in.readObject();
    }

    Object own(File file) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(new FileInputStream(file))) {
            // ok: unsafe-deserialization
            return in.readObject();
        }
    }

    @PostMapping("/yaml")
    Object yaml(@RequestBody String text) {
        Yaml yaml = new Yaml();
        // ruleid: unsafe-yaml-load
        return yaml.load(text);
    }

    Object yamlShort(HttpServletRequest req) throws IOException {
        // ruleid: unsafe-yaml-load
        return new Yaml().load(req.getInputStream());
    }

    @PostMapping("/yaml/safe")
    Object yamlSafe(@RequestBody String text) {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        // ok: unsafe-yaml-load
        return yaml.load(text);
    }

    Object yamlOwn() throws IOException {
        Yaml yaml = new Yaml();
        // ok: unsafe-yaml-load
        return yaml.load(new FileReader("/etc/app.yaml"));
    }

    // ruleid: jackson-default-typing
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
    interface Shape {}

    // ok: jackson-default-typing
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    interface Named {}

    void jackson(ObjectMapper mapper) {
        // ruleid: jackson-default-typing
        mapper.enableDefaultTyping();
        // ruleid: jackson-default-typing
        mapper.activateDefaultTyping(LaissezFaireSubTypeValidator.instance);
        BasicPolymorphicTypeValidator known = BasicPolymorphicTypeValidator.builder().allowIfSubType("objects.").build();
        // ok: jackson-default-typing
        mapper.activateDefaultTyping(known);
    }

    void fastjson(ParserConfig config, boolean flag) {
        // ruleid: fastjson-autotype
        ParserConfig.getGlobalInstance().setAutoTypeSupport(true);
        // ruleid: fastjson-autotype
        config.setAutoTypeSupport(true);
        // ok: fastjson-autotype
        ParserConfig.getGlobalInstance().setAutoTypeSupport(false);
        // ok: fastjson-autotype
        config.setSafeMode(true);
    }

    void permissions(XStream xs) {
        // ruleid: xstream-any-type
        xs.addPermission(AnyTypePermission.ANY);
        // ruleid: xstream-any-type
        xs.allowTypesByWildcard(new String[] {"**"});
        // ok: xstream-any-type
        xs.allowTypesByWildcard(new String[] {"objects.**"});
        // ok: xstream-any-type
        xs.allowTypes(new Class[] {Shape.class});
    }

    void kryo(Kryo kryo) {
        // ruleid: kryo-registration-off
        kryo.setRegistrationRequired(false);
        // ok: kryo-registration-off
        kryo.setRegistrationRequired(true);
        // ok: kryo-registration-off
        kryo.register(Shape.class);
        Kryo other = new Kryo();
        // ruleid: kryo-registration-off
        other.setRegistrationRequired(false);
    }

    Object jndi(HttpServletRequest req) throws Exception {
        // ruleid: jndi-injection
        return new InitialContext().lookup(req.getParameter("resource"));
    }

    @GetMapping("/ds")
    Object source(@RequestParam String name) throws Exception {
        InitialContext ctx = new InitialContext();
        // ruleid: jndi-injection
        return ctx.lookup("java:comp/env/" + name);
    }

    Object jndiConstant() throws Exception {
        // ok: jndi-injection
        return new InitialContext().lookup("java:comp/env/jdbc/main");
    }

    Object jndiNumber(HttpServletRequest req, InitialContext ctx) throws Exception {
        // ok: jndi-injection
        return ctx.lookup("java:comp/env/jdbc/shard" + Integer.parseInt(req.getParameter("shard")));
    }
}
