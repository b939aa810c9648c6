package pairs.codeinjection.plugin;

import javax.script.*;

abstract class Evaluator {
    protected final ScriptEngine engine = new ScriptEngineManager().getEngineByName("js");

    abstract Object evaluate(String formula) throws ScriptException;
}

class DirectEvaluator extends Evaluator {
    @Override
    Object evaluate(String formula) throws ScriptException {
        // deepruleid: script-injection
        return engine.eval(formula);
    }
}

class TableEvaluator extends Evaluator {
    @Override
    Object evaluate(String formula) throws ScriptException {
        String code;
        switch (formula) {
            case "sum":
                code = "a + b";
                break;
            case "difference":
                code = "a - b";
                break;
            default:
                throw new ScriptException("unknown formula");
        }
        // ok: script-injection
        return engine.eval(code);
    }
}
