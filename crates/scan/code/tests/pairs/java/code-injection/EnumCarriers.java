package pairs.codeinjection;

import jakarta.servlet.http.HttpServletRequest;
import javax.script.*;

class EnumCarriers {
    enum Mode {
        ECHO {
            @Override
            String code(String text) {
                return "print('" + text + "')";
            }
        },
        COUNT {
            @Override
            String code(String text) {
                return "print(" + text.length() + ")";
            }
        };

        abstract String code(String text);
    }

    enum Slot {
        INSTANCE;

        private String code = "1";
    }

    void unsafeConstantBody(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        // deepruleid: script-injection
        engine.eval(Mode.ECHO.code(req.getParameter("text")));
    }

    void safeConstantBody(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        // ok: script-injection
        engine.eval(Mode.COUNT.code(req.getParameter("text")));
    }

    void unsafeSingleton(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        Slot.INSTANCE.code = req.getParameter("code");
        // ruleid: script-injection
        engine.eval(Slot.INSTANCE.code);
    }

    void safeSingleton(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        Slot.INSTANCE.code = req.getParameter("code");
        Slot.INSTANCE.code = "2";
        // ok: script-injection
        engine.eval(Slot.INSTANCE.code);
    }

    void unsafeValueOf(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        String text = req.getParameter("mode");
        Mode.valueOf("ECHO");
        // ruleid: script-injection
        engine.eval(text);
    }

    void safeValueOf(HttpServletRequest req, ScriptEngine engine) throws ScriptException {
        String text = req.getParameter("mode");
        Mode mode = Mode.valueOf(text);
        // ok: script-injection
        engine.eval("run_" + mode.name());
    }
}
