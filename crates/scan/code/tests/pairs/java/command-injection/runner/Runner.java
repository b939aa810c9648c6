package pairs.commandinjection.runner;

import java.io.IOException;

class Runner {
    void launch(String[] command) throws IOException {
        // deepruleid: command-injection-process-builder
        new ProcessBuilder(command).start();
    }

    void launchFixed(String[] command) throws IOException {
        // ok: command-injection-process-builder
        new ProcessBuilder(command).start();
    }
}
