package pairs.commandinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.*;

class Threads {
    static class Job implements Runnable {
        private final String command;

        Job(String command) {
            this.command = command;
        }

        @Override
        public void run() {
            try {
                // deepruleid: command-injection
                Runtime.getRuntime().exec(command);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static class FixedJob implements Runnable {
        private final String label;

        FixedJob(String label) {
            this.label = label;
        }

        @Override
        public void run() {
            try {
                System.out.println(label.length());
                // ok: command-injection
                Runtime.getRuntime().exec("uptime");
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    void unsafeThread(HttpServletRequest req) {
        new Thread(new Job(req.getParameter("command"))).start();
    }

    void safeThread(HttpServletRequest req) {
        new Thread(new FixedJob(req.getParameter("command"))).start();
    }

    void unsafeCallable(HttpServletRequest req, ExecutorService pool) throws Exception {
        String dir = req.getParameter("dir");
        Future<String> future = pool.submit(() -> "ls " + dir);
        // deepruleid: command-injection
        Runtime.getRuntime().exec(future.get());
    }

    void safeCallable(HttpServletRequest req, ExecutorService pool) throws Exception {
        String dir = req.getParameter("dir");
        Future<String> future = pool.submit(() -> "ls -" + dir.length());
        // ok: command-injection
        Runtime.getRuntime().exec(future.get());
    }

    void unsafeCompletable(HttpServletRequest req) throws Exception {
        String dir = req.getParameter("dir");
        String command = CompletableFuture.supplyAsync(() -> dir).thenApply(d -> "ls " + d).join();
        // deepruleid: command-injection
        Runtime.getRuntime().exec(command);
    }

    void safeCompletable(HttpServletRequest req) throws Exception {
        String dir = req.getParameter("dir");
        String command = CompletableFuture.supplyAsync(() -> dir).thenApply(d -> "ls").join();
        // ok: command-injection
        Runtime.getRuntime().exec(command);
    }
}
