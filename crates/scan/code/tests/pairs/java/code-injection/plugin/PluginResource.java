package pairs.codeinjection.plugin;

import jakarta.ws.rs.*;

@Path("/plugins")
public class PluginResource {
    private final Evaluator direct = new DirectEvaluator();
    private final Evaluator table = new TableEvaluator();

    @GET
    public Object run(@QueryParam("formula") String formula) throws Exception {
        return direct.evaluate(formula);
    }

    @POST
    public Object runKnown(@FormParam("formula") String formula) throws Exception {
        return table.evaluate(formula);
    }
}
