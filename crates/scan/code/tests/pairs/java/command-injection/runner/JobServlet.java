package pairs.commandinjection.runner;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

class JobServlet extends HttpServlet {
    private final CommandFactory shell = new ShellFactory();
    private final CommandFactory fixed = new FixedFactory();
    private final Runner runner = new Runner();

    @Override
    protected void doGet(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        runner.launch(shell.make(req.getParameter("job")));
    }

    @Override
    protected void doPost(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        runner.launchFixed(fixed.make(req.getParameter("job")));
    }
}
