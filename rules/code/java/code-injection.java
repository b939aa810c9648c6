package rules.engine;

import groovy.lang.GroovyShell;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineManager;
import ognl.Ognl;
import org.apache.commons.beanutils.BeanUtils;
import org.mvel2.MVEL;
import org.springframework.expression.ExpressionParser;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.web.bind.annotation.*;

class FormulaController {
    private static final Set<String> FORMULAS = Set.of("a + b", "a - b");
    private static final Map<String, Supplier<Object>> EXPORTERS = Map.of("csv", Object::new);

    @PostMapping("/formula")
    Object formula(@RequestBody String formula) throws Exception {
        ScriptEngine engine = new ScriptEngineManager().getEngineByName("js");
        // ruleid: script-injection
        return engine.eval("var result = " + formula);
    }

    Object groovy(HttpServletRequest req) {
        GroovyShell shell = new GroovyShell();
        // ruleid: script-injection
        return shell.evaluate(req.getParameter("script"));
    }

    Object known(HttpServletRequest req, ScriptEngine engine) throws Exception {
        String formula = req.getParameter("formula");
        if (!FORMULAS.contains(formula)) {
            throw new IllegalArgumentException("formula");
        }
        // ok: script-injection
        return engine.eval(formula);
    }

    Object variable(HttpServletRequest req, ScriptEngine engine) throws Exception {
        engine.put("x", req.getParameter("x"));
        // ok: script-injection
        return engine.eval("x.length");
    }

    @GetMapping("/spel")
    Object spel(@RequestParam String filter) {
        ExpressionParser parser = new SpelExpressionParser();
        // ruleid: expression-language-injection
        return parser.parseExpression("items.?[" + filter + "]").getValue();
    }

    Object ognl(HttpServletRequest req, Object root) throws Exception {
        // ruleid: expression-language-injection
        return Ognl.getValue(req.getParameter("path"), root);
    }

    Object mvel(HttpServletRequest req) {
        // ruleid: expression-language-injection
        return MVEL.eval(req.getHeader("X-Rule"));
    }

    Object constantSpel(HttpServletRequest req) {
        // ok: expression-language-injection
        return new SpelExpressionParser().parseExpression("name.length()").getValue(req.getParameter("q"));
    }

    Object index(HttpServletRequest req, ExpressionParser parser) {
        int i = Integer.parseInt(req.getParameter("i"));
        // ok: expression-language-injection
        return parser.parseExpression("items[" + i + "]").getValue();
    }

    Object plugin(HttpServletRequest req) throws Exception {
        URL[] urls = {new URL(req.getParameter("jar"))};
        // ruleid: class-loaded-from-url
        return new URLClassLoader(urls);
    }

    Object pluginNow(HttpServletRequest req) throws Exception {
        // ruleid: class-loaded-from-url
        return URLClassLoader.newInstance(new URL[] {new URL(req.getParameter("jar"))});
    }

    Object ownPlugin() throws Exception {
        // ok: class-loaded-from-url
        return new URLClassLoader(new URL[] {new URL("file:/opt/app/plugins/base.jar")});
    }

    Object numbered(HttpServletRequest req) throws Exception {
        int n = Integer.parseInt(req.getParameter("n"));
        // ok: class-loaded-from-url
        return new URLClassLoader(new URL[] {new URL("file:/opt/app/plugins/" + n + ".jar")});
    }

    @GetMapping("/export")
    Object export(@RequestParam String type) throws Exception {
        // ruleid: unsafe-reflection
        return Class.forName("rules.engine." + type).getDeclaredConstructor().newInstance();
    }

    Object call(HttpServletRequest req, Object target) throws Exception {
        // ruleid: unsafe-reflection
        Method m = target.getClass().getMethod(req.getParameter("action"));
        return m.invoke(target);
    }

    @GetMapping("/export/safe")
    Object exportKnown(@RequestParam String type) throws Exception {
        // ok: unsafe-reflection
        Class.forName("rules.engine.CsvExporter");
        return EXPORTERS.get(type).get();
    }

    Object callKnown(HttpServletRequest req, Object target) throws Exception {
        String action = req.getParameter("action");
        if (!Set.of("start", "stop").contains(action)) {
            return null;
        }
        // ok: unsafe-reflection
        return target.getClass().getMethod(action).invoke(target);
    }

    void fill(HttpServletRequest req, Object bean) throws Exception {
        // ruleid: mass-assignment
        BeanUtils.populate(bean, req.getParameterMap());
    }

    void fillOne(HttpServletRequest req, Object bean) throws Exception {
        // ruleid: mass-assignment
        BeanUtils.setProperty(bean, req.getParameter("field"), "x");
    }

    void fillNamed(HttpServletRequest req, Object bean) throws Exception {
        // ok: mass-assignment
        BeanUtils.populate(bean, Map.of("name", "none"));
        // ok: mass-assignment
        BeanUtils.setProperty(bean, "name", req.getParameter("name"));
    }
}
