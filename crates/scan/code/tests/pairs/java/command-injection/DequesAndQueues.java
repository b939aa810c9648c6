package pairs.commandinjection;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.*;

class DequesAndQueues {
    void unsafeStack(HttpServletRequest req) throws IOException {
        Deque<String> words = new ArrayDeque<>();
        words.push("status");
        words.push(req.getParameter("word"));
        // ruleid: command-injection
        Runtime.getRuntime().exec("systemctl " + words.pop());
    }

    void safeStack(HttpServletRequest req) throws IOException {
        Deque<String> words = new ArrayDeque<>();
        words.push("status");
        words.push(req.getParameter("word"));
        words.pop();
        // ok: command-injection
        Runtime.getRuntime().exec("systemctl " + words.pop());
    }

    void unsafeQueue(HttpServletRequest req) throws IOException {
        Queue<String> words = new LinkedList<>();
        words.add(req.getParameter("word"));
        words.add("status");
        // ruleid: command-injection
        Runtime.getRuntime().exec("systemctl " + words.poll());
    }

    void safeQueue(HttpServletRequest req) throws IOException {
        Queue<String> words = new LinkedList<>();
        words.add("status");
        words.add(req.getParameter("word"));
        // ok: command-injection
        Runtime.getRuntime().exec("systemctl " + words.poll());
    }

    void unsafeBothEnds(HttpServletRequest req) throws IOException {
        Deque<String> words = new LinkedList<>();
        words.addFirst(req.getParameter("word"));
        words.addLast("status");
        // ruleid: command-injection
        Runtime.getRuntime().exec("systemctl " + words.getFirst());
    }

    void safeBothEnds(HttpServletRequest req) throws IOException {
        Deque<String> words = new LinkedList<>();
        words.addFirst(req.getParameter("word"));
        words.addLast("status");
        // ok: command-injection
        Runtime.getRuntime().exec("systemctl " + words.getLast());
    }
}
