package pairs.codeinjection;

import jakarta.servlet.http.HttpServletRequest;
import javax.script.*;

class Scripts {
    void unsafeText(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        // ruleid: script-injection
        engine.eval("print(" + req.getParameter("x") + ")");
    }

    void safeBinding(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        engine.put("x", req.getParameter("x"));
        // ok: script-injection
        engine.eval("print(x)");
    }

    void unsafeReplaced(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        StringBuilder script = new StringBuilder("return VALUE;");
        int at = script.indexOf("VALUE");
        script.replace(at, at + 5, req.getParameter("value"));
        // ruleid: script-injection
        engine.eval(script.toString());
    }

    void safeReplaced(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        StringBuilder script = new StringBuilder("return VALUE;");
        int at = script.indexOf("VALUE");
        script.replace(at, at + 5, String.valueOf(req.getParameter("value").length()));
        // ok: script-injection
        engine.eval(script.toString());
    }

    void unsafeNested(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        String code = "1 + 1";
        if (req.getParameter("mode") != null) {
            if (code.length() > 2) {
                code = req.getParameter("code");
            }
        }
        // ruleid: script-injection
        engine.eval(code);
    }

    void safeNested(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        String code = "1 + 1";
        if (req.getParameter("mode") != null) {
            if (code.length() > 2) {
                code = "2 + 2";
            }
        }
        // ok: script-injection
        engine.eval(code);
    }
}
