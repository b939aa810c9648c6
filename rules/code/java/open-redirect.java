package login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.view.RedirectView;

@Controller
class LoginController {
    private static final Set<String> PAGES = Set.of("/home", "/orders");

    void back(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ruleid: open-redirect
        resp.sendRedirect(req.getParameter("next"));
    }

    void slash(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // one slash in front makes //evil.example of /evil.example
        // ruleid: open-redirect
        resp.sendRedirect("/" + req.getParameter("next"));
    }

    void location(HttpServletRequest req, HttpServletResponse resp) {
        resp.setStatus(302);
        // ruleid: open-redirect, header-injection
        resp.setHeader("Location", req.getHeader("Referer"));
    }

    void local(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        // ok: open-redirect
        resp.sendRedirect("/orders/" + req.getParameter("id"));
        // ok: open-redirect
        resp.sendRedirect(req.getContextPath() + "/home");
    }

    void known(HttpServletRequest req, HttpServletResponse resp) throws IOException {
        String next = req.getParameter("next");
        if (PAGES.contains(next)) {
            // ok: open-redirect
            resp.sendRedirect(next);
        }
    }

    @GetMapping("/login")
    String done(@RequestParam String next) {
        // ruleid: open-redirect-spring
        return "redirect:" + next;
    }

    @GetMapping("/leave")
    RedirectView leave(@RequestParam String to) {
        // ruleid: open-redirect-spring
        return new RedirectView(to);
    }

    @GetMapping("/order")
    String order(@RequestParam String id) {
        // ok: open-redirect-spring
        return "redirect:/orders/" + id;
    }

    @GetMapping("/out")
    ModelAndView out() {
        // ok: open-redirect-spring
        return new ModelAndView("redirect:/home");
    }
}
